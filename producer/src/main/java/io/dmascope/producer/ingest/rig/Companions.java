package io.dmascope.producer.ingest.rig;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Files that belong to a capture: its rig manifest, its kernel log and what the probe recorder saw,
 * where there are any.
 */
public record Companions(Optional<Path> manifest, Optional<Path> dmesg, Optional<Path> probe) {
  static final String MANIFEST = "manifest.json";
  static final String DMESG = "dmesg.txt";
  static final String PROBE = "probe.txt";

  static final Companions NONE =
      new Companions(Optional.empty(), Optional.empty(), Optional.empty());

  private static final List<String> COMPRESSIONS = List.of(".zst", ".gz", ".xz");
  private static final List<String> FORMATS = List.of(".txt", ".dat", ".trace", ".perf", ".log");

  /**
   * What lies beside a capture: {@code NAME.manifest.json} before {@code manifest.json}, {@code
   * NAME.dmesg.txt} before {@code dmesg.txt}, {@code NAME.probe.txt} before {@code probe.txt},
   * where {@code NAME} is the capture's name without the endings that say format and compression.
   */
  public static Companions beside(Path capture) {
    Path fileName = capture.getFileName();
    if (fileName == null) {
      return NONE;
    }
    String name = nameOf(fileName);
    return new Companions(
        first(capture, name + "." + MANIFEST, MANIFEST),
        first(capture, name + "." + DMESG, DMESG),
        first(capture, name + "." + PROBE, PROBE));
  }

  /** Where the manifest of a capture is looked for first. */
  public static Path manifestBeside(Path capture) {
    return capture.resolveSibling(nameOf(capture.getFileName()) + "." + MANIFEST);
  }

  private static String nameOf(Path fileName) {
    return withoutEnding(withoutEnding(fileName.toString(), COMPRESSIONS), FORMATS);
  }

  /** The same, with what the user named in place of what was found. */
  public Companions or(Companions found) {
    return new Companions(
        manifest.isPresent() ? manifest : found.manifest,
        dmesg.isPresent() ? dmesg : found.dmesg,
        probe.isPresent() ? probe : found.probe);
  }

  private static Optional<Path> first(Path capture, String... names) {
    return Stream.of(names)
        .map(capture::resolveSibling)
        .filter(Files::isRegularFile)
        .filter(path -> !Objects.equals(path.getFileName(), capture.getFileName()))
        .findFirst();
  }

  private static String withoutEnding(String name, List<String> endings) {
    return endings.stream()
        .filter(ending -> name.endsWith(ending) && name.length() > ending.length())
        .findFirst()
        .map(ending -> name.substring(0, name.length() - ending.length()))
        .orElse(name);
  }
}
