package io.dmascope.producer.ingest.open;

import io.dmascope.producer.ingest.EventSink;
import io.dmascope.producer.ingest.TraceReader;
import java.io.Closeable;
import java.io.IOException;

/** An opened recording whose format is known. It can be read once; closing it closes the source. */
public final class Capture implements TraceReader, Closeable {
  private final String name;
  private final TraceFormat format;
  private final String tracer;
  private final TraceReader reader;
  private final Closeable source;

  Capture(String name, TraceFormat format, String tracer, TraceReader reader, Closeable source) {
    this.name = name;
    this.format = format;
    this.tracer = tracer;
    this.reader = reader;
    this.source = source;
  }

  /** What the user called it, {@code -} for standard input. */
  public String name() {
    return name;
  }

  public TraceFormat format() {
    return format;
  }

  /** The tracer that a text names in its header; empty where it names none. */
  String tracer() {
    return tracer;
  }

  @Override
  public void read(EventSink sink) throws IOException {
    reader.read(sink);
  }

  @Override
  public void close() throws IOException {
    source.close();
  }
}
