package io.dmascope.producer.ingest.open;

import static org.assertj.core.api.Assertions.assertThat;

import io.dmascope.model.event.InputCounts;
import io.dmascope.producer.ingest.UnusableInputException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Real lines, broken at random: no exception, every line accounted for, the sequence dense. The
 * seed is {@code -Dseed=}, else fixed.
 */
class TextFuzzSmokeTest {
  private static final Path FORMATS =
      Path.of(System.getProperty("basedir", "."), "..", "golden", "formats");
  private static final long SEED = Long.getLong("seed", 20261123);
  private static final int ROUNDS = Integer.getInteger("rounds", 40);
  private static final int BYTES_MAX = 60_000;

  /** Bytes at which grammars and values turn. */
  private static final byte[] TURNS =
      " \n\r\t:-[](){}=,.#/|0x19afzGZ\u0000\u007f".getBytes(StandardCharsets.US_ASCII);

  @ParameterizedTest
  @ValueSource(
      strings = {
        "tracefs-variants/opt_fields.txt",
        "tracefs-variants/opt_latency-format.txt",
        "tracefs-variants/opt_record-tgid.txt",
        "tracefs-variants/opt_context-info.txt",
        "tracefs-variants/opt_stacktrace.txt",
        "tracefs-variants/opt_bin.txt",
        "lost-612/trace_pipe.txt.zst",
        "lost-612/perf-script.txt.zst",
        "lost-612/trace-cmd-report-raw.txt.zst",
        "misuse-direct-612/trace-cmd-report-3.1.6.txt.zst",
        "p2p-72/trace.txt.zst",
        "sync-612-dmadebug/trace.txt.zst"
      })
  void brokenLines_areAccountedFor(String file) throws IOException {
    byte[] original = content(FORMATS.resolve(file));
    Random random = new Random(SEED);
    for (int round = 0; round < ROUNDS; round++) {
      byte[] broken = mutate(original, random);
      try {
        Recording read = Recording.of(broken);
        InputCounts counts = read.counts();
        assertThat(counts.decoded() + counts.skipped() + counts.issues())
            .as("seed %d, round %d", SEED, round)
            .isEqualTo(counts.lines());
        assertThat(counts.issues()).isEqualTo(read.issues.size());
        assertThat(read.all.getLast().header().sequence()).isEqualTo(read.all.size() - 1);
      } catch (UnusableInputException e) {
        // Broken to the point that nothing shows the format any more: said in a sentence.
        assertThat(e.getMessage()).contains("no trace");
      }
    }
  }

  private static byte[] content(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file);
        InputStream content =
            file.toString().endsWith(".zst") ? Compression.ZSTD.decompress(in) : in) {
      return content.readNBytes(BYTES_MAX);
    }
  }

  private static byte[] mutate(byte[] original, Random random) {
    byte[] bytes = original.clone();
    int mutations = 1 + random.nextInt(200);
    for (int i = 0; i < mutations; i++) {
      int place = random.nextInt(bytes.length);
      switch (random.nextInt(4)) {
        case 0 -> bytes[place] = (byte) random.nextInt(256);
        case 1 -> bytes[place] = TURNS[random.nextInt(TURNS.length)];
        case 2 -> {
          // A piece of another line: labels and values in the wrong place.
          int length = Math.min(random.nextInt(64), bytes.length - place);
          int from = random.nextInt(bytes.length - length);
          System.arraycopy(bytes, from, bytes, place, length);
        }
        default -> {
          // A hole, and the rest moved up.
          int length = Math.min(random.nextInt(40), bytes.length - place);
          System.arraycopy(bytes, place + length, bytes, place, bytes.length - place - length);
        }
      }
    }
    return bytes;
  }
}
