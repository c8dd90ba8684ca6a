package io.dmascope.producer.ingest.probe;

import io.dmascope.producer.ingest.EventSink;
import io.dmascope.producer.ingest.TraceReader;
import java.io.IOException;
import java.io.UncheckedIOException;

/** A capture together with what the probe recorder saw meanwhile. */
public final class ProbeTraceReader implements TraceReader {
  private final TraceReader capture;
  private final TraceReader recording;
  private final String clock;

  /**
   * @param recording must give the same events each time it is read, so it is a file
   * @param clock the trace clock, where the capture itself does not tell it; may be empty
   */
  public ProbeTraceReader(TraceReader capture, TraceReader recording, String clock) {
    this.capture = capture;
    this.recording = recording;
    this.clock = clock;
  }

  @Override
  public void read(EventSink sink) throws IOException {
    try (ProbeRecording probes = new ProbeRecording(recording)) {
      capture.read(new ProbeMerger(sink, probes, clock));
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }
}
