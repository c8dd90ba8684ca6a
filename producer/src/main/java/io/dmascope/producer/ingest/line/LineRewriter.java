package io.dmascope.producer.ingest.line;

import io.dmascope.producer.ingest.text.LineBlocks;
import io.dmascope.producer.ingest.text.Lines;
import io.dmascope.producer.ingest.text.TruncatedSourceException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/**
 * A text in which lines were put into the form that the readers know, and stayed where they were: a
 * line's number is its place. Only what needs it goes through here; it costs a copy of each line.
 */
final class LineRewriter extends InputStream {
  /** Puts lines into another form. */
  interface Form {
    /** Takes the line {@code [from, end)}, which has no line feed, and writes what is ready. */
    void line(byte[] bytes, int from, int end, ByteArrayOutputStream out);

    /** Writes what is left. */
    default void end(ByteArrayOutputStream out) {}
  }

  private final LineBlocks blocks;
  private final Form form;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private byte[] ready = new byte[0];
  private int from;
  private boolean ended;
  private TruncatedSourceException failure;

  LineRewriter(byte[] head, InputStream rest, Form form) {
    this.blocks = new LineBlocks(head, rest);
    this.form = form;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    while (from == ready.length) {
      if (ended) {
        if (failure != null) {
          throw failure;
        }
        return -1;
      }
      fill();
    }
    int count = Math.min(length, ready.length - from);
    System.arraycopy(ready, from, bytes, offset, count);
    from += count;
    return count;
  }

  private void fill() throws IOException {
    try {
      if (blocks.next()) {
        rewriteBlock();
      } else {
        ended = true;
      }
    } catch (TruncatedSourceException e) {
      // What came is rewritten first; then the reader hears of it as if it had read itself.
      failure = e;
      ended = true;
      if (blocks.takeRest()) {
        rewriteBlock();
      }
    }
    if (ended) {
      form.end(out);
    }
    ready = out.toByteArray();
    if (ended && blocks.endsCut() && ready.length > 0) {
      // The last line had no end, and has to be seen without one.
      ready = Arrays.copyOf(ready, ready.length - 1);
    }
    from = 0;
    out.reset();
  }

  private void rewriteBlock() {
    byte[] b = blocks.bytes();
    for (int p = blocks.from(); p < blocks.to(); ) {
      int end = Lines.endOfLine(b, p);
      form.line(b, p, end, out);
      p = end + 1;
    }
  }
}
