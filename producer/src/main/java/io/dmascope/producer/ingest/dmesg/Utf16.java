package io.dmascope.producer.ingest.dmesg;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.SequenceInputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;

/**
 * Text in UTF-16, as PowerShell's {@code >} writes it, read as the UTF-8 that everything else is.
 */
final class Utf16 extends InputStream {
  private static final int MARK_BYTES = 2;

  private final Reader text;
  private byte[] pending = {};
  private int index;

  private Utf16(InputStream in, Charset charset) {
    this.text = new InputStreamReader(in, charset);
  }

  /** The same bytes, or their UTF-8 where they begin with a byte order mark of UTF-16. */
  static InputStream decoded(InputStream in) throws IOException {
    byte[] mark = in.readNBytes(MARK_BYTES);
    if (mark.length == MARK_BYTES && mark[0] == (byte) 0xff && mark[1] == (byte) 0xfe) {
      return new Utf16(in, StandardCharsets.UTF_16LE);
    }
    if (mark.length == MARK_BYTES && mark[0] == (byte) 0xfe && mark[1] == (byte) 0xff) {
      return new Utf16(in, StandardCharsets.UTF_16BE);
    }
    return new SequenceInputStream(new ByteArrayInputStream(mark), in);
  }

  @Override
  public int read() throws IOException {
    if (index == pending.length) {
      char[] chars = new char[4096];
      int count = text.read(chars);
      if (count < 0) {
        return -1;
      }
      pending = new String(chars, 0, count).getBytes(StandardCharsets.UTF_8);
      index = 0;
    }
    return pending[index++] & 0xff;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    int first = read();
    if (first < 0) {
      return -1;
    }
    bytes[offset] = (byte) first;
    int more = Math.min(length - 1, pending.length - index);
    System.arraycopy(pending, index, bytes, offset + 1, more);
    index += more;
    return more + 1;
  }

  @Override
  public void close() throws IOException {
    text.close();
  }
}
