package io.dmascope.cli;

import com.github.luben.zstd.ZstdInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The recording of the demo in which a driver misbehaves, as a rig would stream it. */
final class MisuseRecording {
  /** Events that it becomes in the topic, its start and its end among them. */
  static final int EVENTS = 1419;

  /** Occurrences of findings in it. */
  static final int OCCURRENCES = 16;

  /**
   * The first finding is in line 465; it is told once every CPU was heard of again without losses.
   */
  static final int LINES_TO_THE_FIRST_FINDING = 632;

  private static final Path FILE =
      Path.of("..", "golden", "demo", "misuse-strict-6.12", "trace.txt.zst");

  private MisuseRecording() {}

  static List<String> lines() throws IOException {
    try (InputStream in = new ZstdInputStream(Files.newInputStream(FILE))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
    }
  }

  /** What a trace file begins with. */
  static List<String> header() throws IOException {
    return lines().stream().filter(line -> line.startsWith("#")).toList();
  }

  /** Lines that are an event each. */
  static List<String> maps() throws IOException {
    return lines().stream().filter(line -> line.contains(" dma_map_page: ")).toList();
  }
}
