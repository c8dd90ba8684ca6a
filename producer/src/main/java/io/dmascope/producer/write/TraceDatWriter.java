package io.dmascope.producer.write;

import io.dmascope.model.event.CaptureEnd;
import io.dmascope.model.event.CaptureStart;
import io.dmascope.model.event.EventsLost;
import io.dmascope.model.event.TraceEvent;
import io.dmascope.producer.ingest.tracedat.Compression;
import io.dmascope.producer.write.tracedat.RingRecorder;
import java.io.IOException;
import java.nio.file.Path;

/**
 * Writes a capture as {@code trace-cmd record} does: the events of each CPU in pages of its ring
 * buffer, and beside them what the kernel says of itself. Pages wait in a file beside the output,
 * so that memory does not grow with the capture.
 *
 * <p>What a recorder of probes sees has no place in a trace.dat.
 */
public final class TraceDatWriter implements CaptureWriter {
  /** The shapes of the file. */
  public enum Shape {
    /** Version 6, of trace-cmd before 3.1. */
    VERSION_6(6, Compression.NONE),
    /** Version 7, nothing compressed. */
    VERSION_7(7, Compression.NONE),
    /** Version 7, as trace-cmd writes it where it finds the library. */
    VERSION_7_ZSTD(7, Compression.ZSTD);

    private final int version;
    private final Compression compression;

    Shape(int version, Compression compression) {
      this.version = version;
      this.compression = compression;
    }
  }

  private final Path file;
  private final Shape shape;
  private RingRecorder recorder;

  public TraceDatWriter(Path file, Shape shape) {
    this.file = file;
    this.shape = shape;
  }

  @Override
  public void event(TraceEvent event) throws IOException {
    switch (event) {
      case CaptureStart start ->
          recorder = new RingRecorder(file, shape.version, shape.compression, start.facts());
      case CaptureEnd _ -> {}
      case EventsLost gap -> recorder.lose(gap.header().cpu(), gap.count());
      default -> recorder.record(event);
    }
  }

  @Override
  public void close() throws IOException {
    if (recorder != null) {
      recorder.close();
    }
  }
}
