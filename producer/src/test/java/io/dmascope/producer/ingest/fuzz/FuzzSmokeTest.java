package io.dmascope.producer.ingest.fuzz;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A short, repeatable run of what the fuzzer does at length, and what once broke a reader. */
class FuzzSmokeTest {
  private static final int MUTANTS_PER_SEED = 8;
  private static final long SEED = Long.getLong("seed", 20261123L);
  private static final Path CRASHERS = Path.of("../golden/crashers");

  @TempDir private Path directory;

  @FunctionalInterface
  interface Target {
    void read(byte[] data) throws Exception;
  }

  @FunctionalInterface
  interface SeedWriter {
    void write(String[] arguments) throws IOException;
  }

  static Stream<Arguments> targets() {
    return Stream.of(
        target("text", TaskLineFuzz::fuzzerTestOneInput, TaskLineFuzz::main),
        target("perf", PerfScriptFuzz::fuzzerTestOneInput, PerfScriptFuzz::main),
        target("companions", CompanionsFuzz::fuzzerTestOneInput, CompanionsFuzz::main),
        target("archive", ArchiveFuzz::fuzzerTestOneInput, ArchiveFuzz::main),
        target("captures", CapturesFuzz::fuzzerTestOneInput, CapturesFuzz::main));
  }

  private static Arguments target(String reader, Target target, SeedWriter seeds) {
    return argumentSet(reader, reader, target, seeds);
  }

  @ParameterizedTest
  @MethodSource("targets")
  void reader_survivesMutants(String reader, Target target, SeedWriter seeds) throws IOException {
    seeds.write(new String[] {directory.toString()});
    Random random = new Random(SEED);
    for (Path file : filesUnder(directory)) {
      byte[] seed = Files.readAllBytes(file);
      for (int i = 0; i < MUTANTS_PER_SEED; i++) {
        byte[] mutant = i == 0 ? seed : mutate(seed, random);
        assertThatCode(() -> target.read(mutant))
            .as("mutant %d of %s of %s, -Dseed=%d", i, file.getFileName(), reader, SEED)
            .doesNotThrowAnyException();
      }
    }
  }

  @ParameterizedTest
  @MethodSource("targets")
  void reader_survivesWhatOnceBrokeOne(String reader, Target target, SeedWriter seeds)
      throws IOException {
    for (Path crasher : filesUnder(CRASHERS)) {
      byte[] bytes = Files.readAllBytes(crasher);
      assertThatCode(() -> target.read(bytes))
          .as("%s read by %s", crasher, reader)
          .doesNotThrowAnyException();
    }
  }

  private static List<Path> filesUnder(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      return files.filter(Files::isRegularFile).sorted().toList();
    }
  }

  private static byte[] mutate(byte[] seed, Random random) {
    byte[] mutant = seed.clone();
    int changes = 1 + random.nextInt(16);
    for (int i = 0; i < changes; i++) {
      int at = random.nextInt(mutant.length);
      switch (random.nextInt(3)) {
        case 0 -> mutant[at] = (byte) random.nextInt(256);
        case 1 -> mutant[at] ^= (byte) (1 << random.nextInt(8));
        default -> mutant[at] = mutant[random.nextInt(mutant.length)];
      }
    }
    return mutant;
  }
}
