package io.dmascope.producer.write;

import io.dmascope.model.event.TraceEvent;
import java.io.Closeable;
import java.io.IOException;

/** Writes one capture, from its start to its end, in some format. */
public interface CaptureWriter extends Closeable {
  /** Writes the event that follows the one before. */
  void event(TraceEvent event) throws IOException;

  /** Completes the capture; a capture that is not closed may not be readable. */
  @Override
  void close() throws IOException;
}
