package io.dmascope.producer.ingest.fuzz;

import com.github.luben.zstd.ZstdInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Small beginnings for a fuzzer, out of the recordings under {@code golden/formats}. */
final class Seeds {
  private static final Pattern EVENT = Pattern.compile("[^:]*: +(?:\\w+:)?(\\w+): .*");
  private static final int LINE_CHARS_MAX = 600;
  private static final int OTHER_LINES_MAX = 12;

  private Seeds() {}

  /** Writes a seed for each text recording whose path matches. */
  static void write(Path directory, String pathPattern) throws IOException {
    Files.createDirectories(directory);
    Path formats = golden().resolve("formats");
    try (Stream<Path> files = Files.walk(formats, 2)) {
      for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
        String name = formats.relativize(file).toString();
        if (name.contains("/") && name.matches(pathPattern)) {
          Files.write(directory.resolve(name.replace('/', '-')), shortened(content(file)));
        }
      }
    }
  }

  /** Seen from the root, where the fuzzer runs, or from the module, where the tests do. */
  static Path golden() {
    Path fromRoot = Path.of("golden");
    return Files.isDirectory(fromRoot) ? fromRoot : Path.of("..").resolve(fromRoot);
  }

  private static byte[] content(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file);
        InputStream content = file.toString().endsWith(".zst") ? new ZstdInputStream(in) : in) {
      return content.readAllBytes();
    }
  }

  /** Keeps one line of each event, and the first few of everything else. */
  private static byte[] shortened(byte[] text) {
    ByteArrayOutputStream kept = new ByteArrayOutputStream();
    Set<String> seen = new HashSet<>();
    List<String> lines = new String(text, StandardCharsets.ISO_8859_1).lines().toList();
    int others = 0;
    for (String line : lines) {
      Matcher event = EVENT.matcher(line);
      boolean isNew = event.matches() ? seen.add(event.group(1)) : others++ < OTHER_LINES_MAX;
      if (isNew && line.length() <= LINE_CHARS_MAX) {
        kept.writeBytes((line + "\n").getBytes(StandardCharsets.ISO_8859_1));
      }
    }
    return kept.toByteArray();
  }
}
