package io.dmascope.producer.ingest.fuzz;

import io.dmascope.model.event.CaptureFacts;
import io.dmascope.producer.ingest.CaptureEmitter;
import io.dmascope.producer.ingest.TraceReader;
import io.dmascope.producer.ingest.line.EventLineReader;
import io.dmascope.producer.ingest.line.LineGrammar;
import io.dmascope.producer.ingest.text.LineBlocks;
import java.io.ByteArrayInputStream;
import java.util.Arrays;

/** A text reader as {@code Captures} makes it, but of a format that is given, not recognised. */
final class TextReaders {
  /** So that what was read ahead and what follows both occur. */
  private static final int HEAD_BYTES = 100;

  private TextReaders() {}

  static TraceReader reader(byte[] data, LineGrammar grammar) {
    int headBytes = Math.min(HEAD_BYTES, data.length);
    return sink -> {
      byte[] head = Arrays.copyOf(data, headBytes);
      ByteArrayInputStream rest =
          new ByteArrayInputStream(data, headBytes, data.length - headBytes);
      CaptureFacts facts = new CaptureFacts("fuzz", "fuzz", "fuzz", "", "", false);
      CaptureEmitter emitter = new CaptureEmitter(sink, facts);
      new EventLineReader(new LineBlocks(head, rest), grammar, emitter).read();
    };
  }
}
