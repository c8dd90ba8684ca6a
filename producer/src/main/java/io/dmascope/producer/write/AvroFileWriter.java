package io.dmascope.producer.write;

import io.dmascope.model.event.CaptureStart;
import io.dmascope.model.event.TraceEvent;
import io.dmascope.schemas.codec.EventChunkEncoder;
import io.dmascope.schemas.codec.EventFile;
import java.io.IOException;
import java.io.OutputStream;

/** Writes a capture as an Avro container file of the chunks that the events topic carries. */
public final class AvroFileWriter implements CaptureWriter {
  private static final int CHUNK_EVENTS = 512;

  private final EventFile.Writer file;
  private EventChunkEncoder chunk;

  public AvroFileWriter(OutputStream out) throws IOException {
    file = new EventFile.Writer(out);
  }

  @Override
  public void event(TraceEvent event) throws IOException {
    if (event instanceof CaptureStart start) {
      finish();
      chunk = new EventChunkEncoder(start.facts().captureId());
    }
    if (chunk == null) {
      throw new IllegalStateException("a capture starts with CaptureStart [event=" + event + "]");
    }
    chunk.add(event);
    if (chunk.eventCount() == CHUNK_EVENTS) {
      file.append(chunk.finish());
    }
  }

  private void finish() throws IOException {
    if (chunk != null && chunk.eventCount() > 0) {
      file.append(chunk.finish());
    }
  }

  @Override
  public void close() throws IOException {
    try (file) {
      finish();
    }
  }
}
