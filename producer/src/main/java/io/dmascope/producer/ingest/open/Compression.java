package io.dmascope.producer.ingest.open;

import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import io.dmascope.producer.ingest.text.TruncatedSourceException;
import java.io.BufferedInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.HexFormat;
import java.util.zip.GZIPInputStream;
import org.tukaani.xz.XZInputStream;

/** How a file is compressed, recognised by its first bytes and never by its name. */
enum Compression {
  GZIP("gzip", "1f8b") {
    @Override
    InputStream open(InputStream compressed) throws IOException {
      return new GZIPInputStream(new UntilEnd(compressed), BUFFER_BYTES);
    }
  },
  XZ("xz", "fd377a585a00") {
    @Override
    InputStream open(InputStream compressed) throws IOException {
      return new XZInputStream(compressed, XZ_MEMORY_KIB_MAX);
    }
  },
  ZSTD("zstd", "28b52ffd") {
    @Override
    InputStream open(InputStream compressed) throws IOException {
      return new ZstdInputStreamNoFinalizer(compressed);
    }
  };

  /** The longest of the magic numbers. */
  static final int MAGIC_BYTES_MAX = 6;

  private static final int BUFFER_BYTES = 1 << 16;

  /** A dictionary of 64 MiB ({@code xz -9}) and what the decoder needs besides. */
  private static final int XZ_MEMORY_KIB_MAX = 128 * 1024;

  private final String label;
  private final String magic;

  Compression(String label, String magic) {
    this.label = label;
    this.magic = magic;
  }

  abstract InputStream open(InputStream compressed) throws IOException;

  /** The name that users know it by. */
  String label() {
    return label;
  }

  /** True where a stream that begins with {@code head} is compressed this way. */
  boolean recognises(byte[] head) {
    return HexFormat.of().formatHex(head).startsWith(magic);
  }

  /**
   * Returns the content of {@code compressed}. Where it ends early or is damaged, what came before
   * is given out, then a {@link TruncatedSourceException}; a failure of the source itself stays
   * what it is.
   */
  InputStream decompress(InputStream compressed) throws IOException {
    FailureNoting source = new FailureNoting(compressed);
    try {
      return new Decompressed(open(source), source, label);
    } catch (IOException e) {
      throw source.failure == null ? truncated(label, e) : e;
    }
  }

  private static TruncatedSourceException truncated(String label, IOException cause) {
    return new TruncatedSourceException("the " + label + " stream ends early or is damaged", cause);
  }

  /** Remembers whether a failure was the source's own. */
  private static final class FailureNoting extends FilterInputStream {
    private IOException failure;

    FailureNoting(InputStream in) {
      super(in);
    }

    @Override
    public int read() throws IOException {
      try {
        return super.read();
      } catch (IOException e) {
        failure = e;
        throw e;
      }
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      try {
        return super.read(bytes, offset, length);
      } catch (IOException e) {
        failure = e;
        throw e;
      }
    }
  }

  private static final class Decompressed extends FilterInputStream {
    private final FailureNoting source;
    private final String label;

    Decompressed(InputStream content, FailureNoting source, String label) {
      super(content);
      this.source = source;
      this.label = label;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      try {
        return super.read(bytes, offset, length);
      } catch (IOException e) {
        throw source.failure == null ? truncated(label, e) : e;
      }
    }
  }

  /**
   * Says that more is available until the end was seen. {@code GZIPInputStream} looks for a further
   * member only where its source has bytes available, and a pipe often has none for a moment.
   */
  private static final class UntilEnd extends BufferedInputStream {
    UntilEnd(InputStream in) {
      super(in, BUFFER_BYTES);
    }

    @Override
    public synchronized int available() throws IOException {
      if (pos < count) {
        return count - pos;
      }
      mark(1);
      boolean more = read() >= 0;
      reset();
      return more ? count - pos : 0;
    }
  }
}
