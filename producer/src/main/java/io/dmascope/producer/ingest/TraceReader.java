package io.dmascope.producer.ingest;

import java.io.IOException;

/** Reads one capture as a stream, with memory bounded however large the capture is. */
@FunctionalInterface
public interface TraceReader {
  /**
   * Pushes the whole capture into {@code sink}. Malformed input is an issue and reading goes on.
   *
   * @throws UnusableInputException where nothing of the input can be used
   * @throws IOException where the source itself fails
   */
  void read(EventSink sink) throws IOException;
}
