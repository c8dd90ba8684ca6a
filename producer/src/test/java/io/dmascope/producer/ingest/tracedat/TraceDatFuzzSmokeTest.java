package io.dmascope.producer.ingest.tracedat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.dmascope.model.event.EventsLost;
import io.dmascope.model.event.TraceEvent;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A short, repeatable run of what the fuzzer does at length. */
class TraceDatFuzzSmokeTest {
  private static final int MUTANTS_PER_SEED = 60;
  private static final long SEED = Long.getLong("seed", 20261123L);
  private static final Path CRASHERS = Path.of("../golden/crashers/tracedat");

  @TempDir private Path directory;

  @Test
  void read_decodesEveryEventOfTheSample() throws IOException {
    Path file = directory.resolve("sample.dat");
    SampleTraceDat.write(file, 7, ByteOrder.BIG_ENDIAN, 4, Compression.ZLIB);
    RecordingSink sink = RecordingSink.read(file);
    assertThat(sink.issues).isEmpty();
    List<TraceEvent> events =
        sink.events().stream().filter(event -> !(event instanceof EventsLost)).toList();
    assertThat(events).hasSize(SampleTraceDat.RECORDS);
    assertThat(sink.lines())
        .anyMatch(
            line -> line.contains(" flags=GFP_NOIO|__GFP_ZERO|0x1 ") || line.contains("flags="));
  }

  @Test
  void read_survivesMutants() throws IOException {
    TraceDatFuzz.main(new String[] {directory.toString()});
    Random random = new Random(SEED);
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : files.sorted().toList()) {
        byte[] seed = Files.readAllBytes(file);
        for (int i = 0; i < MUTANTS_PER_SEED; i++) {
          byte[] mutant = mutate(seed, random);
          int number = i;
          assertThatCode(() -> TraceDatFuzz.fuzzerTestOneInput(mutant))
              .as("mutant %d of %s, -Dseed=%d", number, file.getFileName(), SEED)
              .doesNotThrowAnyException();
        }
      }
    }
  }

  @Test
  void read_survivesWhatOnceBrokeIt() throws IOException {
    try (Stream<Path> files = Files.list(CRASHERS)) {
      for (Path crasher : files.sorted().toList()) {
        byte[] bytes = Files.readAllBytes(crasher);
        assertThatCode(() -> TraceDatFuzz.fuzzerTestOneInput(bytes))
            .as(crasher.toString())
            .doesNotThrowAnyException();
      }
    }
  }

  private static byte[] mutate(byte[] seed, Random random) {
    byte[] mutant = seed.clone();
    int changes = 1 + random.nextInt(4);
    for (int i = 0; i < changes; i++) {
      int at = random.nextInt(mutant.length);
      switch (random.nextInt(4)) {
        case 0 -> mutant[at] = (byte) random.nextInt(256);
        case 1 -> mutant[at] ^= (byte) (1 << random.nextInt(8));
        case 2 -> Arrays.fill(mutant, at, Math.min(mutant.length, at + 4), (byte) -1);
        default -> mutant = Arrays.copyOf(mutant, Math.max(1, at));
      }
    }
    return mutant;
  }
}
