package io.dmascope.producer.write;

import io.dmascope.model.event.CaptureEnd;
import io.dmascope.model.event.CaptureFacts;
import io.dmascope.model.event.CaptureStart;
import io.dmascope.model.event.TraceEvent;
import io.dmascope.producer.ingest.TracefsPrinter;
import java.io.IOException;
import java.io.Writer;

/**
 * Writes a capture as the kernel's {@code trace} file shows it. Stamps lose what is below a
 * microsecond; everything else reads back as it was.
 */
public final class FtraceTextWriter implements CaptureWriter {
  private final Writer out;
  private final TracefsPrinter printer = new TracefsPrinter();

  public FtraceTextWriter(Writer out) {
    this.out = out;
  }

  @Override
  public void event(TraceEvent event) throws IOException {
    switch (event) {
      case CaptureStart start -> head(start.facts());
      case CaptureEnd _ -> {}
      default -> out.append(printer.line(event)).append('\n');
    }
  }

  /** The lines that tell readers the format and the kernel. */
  private void head(CaptureFacts facts) throws IOException {
    out.append("# tracer: nop\n#\n");
    if (!facts.kernelRelease().isEmpty()) {
      out.append("# os release : ").append(facts.kernelRelease()).append("\n#\n");
    }
  }

  @Override
  public void close() throws IOException {
    out.close();
  }
}
