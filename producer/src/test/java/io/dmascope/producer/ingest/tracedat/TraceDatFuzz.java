package io.dmascope.producer.ingest.tracedat;

import io.dmascope.model.event.CaptureEnd;
import io.dmascope.model.event.CaptureStart;
import io.dmascope.model.event.InputCounts;
import io.dmascope.model.event.TraceEvent;
import io.dmascope.model.event.TraceIssue;
import io.dmascope.producer.ingest.EventSink;
import io.dmascope.producer.ingest.ReadOptions;
import io.dmascope.producer.ingest.TracefsPrinter;
import io.dmascope.producer.ingest.UnusableInputException;
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
    Checks checks = new Checks();
    try {
      new TraceDatReader(Path.of("fuzz"), "fuzz", ReadOptions.DEFAULT)
          .read(MemorySegment.ofArray(data), checks);
      checks.end();
    } catch (UnusableInputException refused) {
      check(!refused.getMessage().isEmpty(), "refused without a reason");
    }
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

  private static void check(boolean holds, String what) {
    if (!holds) {
      throw new IllegalStateException(what);
    }
  }

  /** What every consumer of a capture relies on. */
  private static final class Checks implements EventSink {
    private final TracefsPrinter printer = new TracefsPrinter();
    private long events;
    private long issues;
    private InputCounts counts = InputCounts.NONE;

    @Override
    public void event(TraceEvent event) {
      check(event.header().sequence() == events++, "the sequence has a hole");
      check(event instanceof CaptureStart == (events == 1), "a capture begins with its start");
      check(!printer.line(event).isEmpty(), "an event prints as nothing");
      if (event instanceof CaptureEnd end) {
        counts = end.input();
      }
    }

    @Override
    public void issue(TraceIssue issue) {
      issues++;
    }

    void end() {
      check(
          counts.decoded() + counts.skipped() + counts.issues() == counts.lines(),
          "the counts do not add up");
      check(counts.issues() == issues, "an issue was not counted");
    }
  }

  private TraceDatFuzz() {}
}
