package io.dmascope.producer.ingest.text;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.SequenceInputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Makes bytes of one encoding of text that editors and shells wrote: PowerShell's {@code >} writes
 * UTF-16 with a byte order mark, editors put a mark before UTF-8.
 */
public final class TextEncoding {
  /** Two characters of UTF-16 tell it where there is no mark. */
  private static final int HEAD_BYTES = 4;

  private TextEncoding() {}

  /** Returns the text in UTF-8 without a mark; what is no UTF-16 stays as it is, to the byte. */
  public static InputStream decoded(InputStream in) throws IOException {
    byte[] head = in.readNBytes(HEAD_BYTES);
    int mark = markBytes(head);
    InputStream rest = in;
    byte[] kept = Arrays.copyOfRange(head, mark, head.length);
    InputStream whole = new SequenceInputStream(new ByteArrayInputStream(kept), rest);
    Charset charset = charsetOf(head);
    return charset == null ? whole : new Recoded(whole, charset);
  }

  private static int markBytes(byte[] head) {
    if (starts(head, 0xef, 0xbb, 0xbf)) {
      return 3;
    }
    return starts(head, 0xff, 0xfe) || starts(head, 0xfe, 0xff) ? 2 : 0;
  }

  /** Null for what is no UTF-16. */
  private static Charset charsetOf(byte[] head) {
    if (starts(head, 0xff, 0xfe) || isAscii(head, 0)) {
      return StandardCharsets.UTF_16LE;
    }
    return starts(head, 0xfe, 0xff) || isAscii(head, 1) ? StandardCharsets.UTF_16BE : null;
  }

  /** True where every second byte is a printable character or a line's end, the others are zero. */
  private static boolean isAscii(byte[] head, int first) {
    if (head.length < HEAD_BYTES) {
      return false;
    }
    for (int i = 0; i < HEAD_BYTES; i += 2) {
      byte c = head[i + first];
      boolean text = c == '\t' || c == '\n' || c == '\r' || (c >= ' ' && c < 0x7f);
      if (!text || head[i + 1 - first] != 0) {
        return false;
      }
    }
    return true;
  }

  private static boolean starts(byte[] head, int... bytes) {
    for (int i = 0; i < bytes.length; i++) {
      if (i >= head.length || (head[i] & 0xff) != bytes[i]) {
        return false;
      }
    }
    return true;
  }

  /** The same text in UTF-8; a pair of surrogates that a read parts becomes question marks. */
  private static final class Recoded extends InputStream {
    private final InputStream source;
    private final Reader reader;
    private final char[] chars = new char[1 << 13];
    private byte[] bytes = new byte[0];
    private int from;

    Recoded(InputStream source, Charset charset) {
      this.source = source;
      this.reader = new InputStreamReader(source, charset);
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] to, int offset, int length) throws IOException {
      if (length == 0) {
        return 0;
      }
      while (from == bytes.length) {
        int count = reader.read(chars);
        if (count < 0) {
          return -1;
        }
        bytes = new String(chars, 0, count).getBytes(StandardCharsets.UTF_8);
        from = 0;
      }
      int count = Math.min(length, bytes.length - from);
      System.arraycopy(bytes, from, to, offset, count);
      from += count;
      return count;
    }

    @Override
    public void close() throws IOException {
      source.close();
    }
  }
}
