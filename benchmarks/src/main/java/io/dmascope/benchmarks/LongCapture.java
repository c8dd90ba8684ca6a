package io.dmascope.benchmarks;

import io.dmascope.model.event.CaptureEnd;
import io.dmascope.model.event.CaptureStart;
import io.dmascope.model.event.EventHeader;
import io.dmascope.model.event.TraceEvent;
import io.dmascope.model.event.TraceIssue;
import io.dmascope.producer.ingest.EventSink;
import io.dmascope.producer.ingest.ReadOptions;
import io.dmascope.producer.ingest.open.Capture;
import io.dmascope.producer.ingest.open.Captures;
import io.dmascope.producer.ingest.order.Resequencer;
import io.dmascope.producer.write.CaptureWriter;
import io.dmascope.producer.write.FtraceTextWriter;
import io.dmascope.producer.write.TraceDatWriter;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Makes a long recording of a short one: its events time after time, each time a second after the
 * last. For measuring only: what was mapped when the short one ended is found mapped again.
 *
 * <pre>
 *   LongCapture trace.dat 10 long.dat   or long.txt
 * </pre>
 */
public final class LongCapture {
  private static final long PAUSE_NS = 1_000_000_000L;

  private LongCapture() {}

  /** Takes a recording of any format, how often it is to follow itself, and the file to write. */
  public static void main(String[] args) throws IOException {
    if (args.length != 3) {
      throw new IllegalArgumentException("RECORDING TIMES OUTPUT, please");
    }
    int times = Integer.parseInt(args[1]);
    try (CaptureWriter out = writer(Path.of(args[2]))) {
      Repetition repetition = new Repetition(out);
      for (int i = 0; i < times; i++) {
        try (Capture capture =
            Captures.open(args[0], InputStream.nullInputStream(), ReadOptions.DEFAULT)) {
          capture.read(repetition);
        }
        repetition.again();
      }
      repetition.end();
    }
  }

  private static CaptureWriter writer(Path file) throws IOException {
    return file.toString().endsWith(".dat")
        ? new TraceDatWriter(file, TraceDatWriter.Shape.VERSION_7)
        : new FtraceTextWriter(Files.newBufferedWriter(file));
  }

  /** Passes events on under later stamps; the capture has one start and one end. */
  private static final class Repetition implements EventSink {
    private final CaptureWriter out;
    private TraceEvent end;
    private long sequence;
    private long firstNs = -1;
    private long lastNs;
    private long shiftNs;
    private boolean started;

    Repetition(CaptureWriter out) {
      this.out = out;
    }

    @Override
    public void event(TraceEvent event) {
      switch (event) {
        case CaptureStart _ when started -> {}
        case CaptureEnd _ -> end = event;
        default -> write(event);
      }
    }

    private void write(TraceEvent event) {
      started = true;
      EventHeader header = event.header();
      if (!(event instanceof CaptureStart)) {
        firstNs = firstNs < 0 ? header.timestampNs() : firstNs;
        lastNs = header.timestampNs() + shiftNs;
      }
      EventHeader later =
          new EventHeader(
              sequence++,
              header.timestampNs() + shiftNs,
              header.cpu(),
              header.pid(),
              header.comm(),
              header.place());
      try {
        out.event(Resequencer.under(event, later));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    void again() {
      shiftNs = lastNs + PAUSE_NS - firstNs;
    }

    void end() throws IOException {
      if (end != null) {
        write(end);
      }
    }

    @Override
    public void issue(TraceIssue issue) {
      // Trouble in the recording is for check to tell.
    }
  }
}
