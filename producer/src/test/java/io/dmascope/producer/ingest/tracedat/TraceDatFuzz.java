package io.dmascope.producer.ingest.tracedat;

import io.dmascope.producer.ingest.ReadOptions;
import io.dmascope.producer.ingest.fuzz.WellFormedCapture;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The target of coverage-guided fuzzing: any bytes at all are read to a well-formed capture, or
 * refused in one sentence. {@code docs/fuzzing.md} says how to run it.
 */
public final class TraceDatFuzz {
  /** Where Jazzer enters. */
  public static void fuzzerTestOneInput(byte[] data) {
    WellFormedCapture.check(
        () ->
            sink ->
                new TraceDatReader(Path.of("fuzz"), "fuzz", ReadOptions.DEFAULT)
                    .read(MemorySegment.ofArray(data), sink));
  }

  /** Writes the seeds: one small file of each form. */
  public static void main(String[] args) throws IOException {
    Path directory = Files.createDirectories(Path.of(args[0]));
    for (ByteOrder order : new ByteOrder[] {ByteOrder.LITTLE_ENDIAN, ByteOrder.BIG_ENDIAN}) {
      for (int longSize : new int[] {4, 8}) {
        String form = order + "-" + longSize;
        SampleTraceDat.write(directory.resolve("v6-" + form), 6, order, longSize, Compression.NONE);
        for (Compression compression : Compression.values()) {
          SampleTraceDat.write(
              directory.resolve("v7-%s-%s".formatted(compression, form)),
              7,
              order,
              longSize,
              compression);
        }
      }
    }
  }

  private TraceDatFuzz() {}
}
