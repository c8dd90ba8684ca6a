package io.dmascope.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Native libraries that compressors unpack into the directory for temporary files and want deleted
 * when the process exits: one that is halted deletes nothing.
 */
final class ExtractedLibraries {
  /** What this process has mapped, a range a line, with the file's path at its end; Linux only. */
  private static final Path MAPS = Path.of("/proc/self/maps");

  private static final Pattern NAME =
      Pattern.compile("(liblz4-java-|libzstd-jni-|snappy-)[\\w.-]+\\.so");

  private ExtractedLibraries() {}

  /** Deletes those of this process, which goes on with what it has loaded. */
  static void delete() {
    Path temporary = Path.of(System.getProperty("java.io.tmpdir"));
    try (Stream<String> maps = Files.lines(MAPS)) {
      for (String file :
          maps.filter(line -> line.indexOf('/') >= 0)
              .map(line -> line.substring(line.indexOf('/')))
              .distinct()
              .toList()) {
        Path library = Path.of(file);
        if (temporary.equals(library.getParent())
            && NAME.matcher(library.getFileName().toString()).matches()) {
          Files.deleteIfExists(library);
          Files.deleteIfExists(Path.of(file + ".lck"));
        }
      }
    } catch (IOException e) {
      // The process ends anyway, and a file too many hurts nobody.
    }
  }
}
