package io.dmascope.producer.ingest.open;

import io.dmascope.producer.ingest.UnusableInputException;
import io.dmascope.producer.ingest.text.TruncatedSourceException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Optional;

/**
 * The beginning of a capture, as much of it as was needed to recognise the format, and the stream
 * of what follows.
 */
final class CaptureHead {
  /** A format that does not show within this many bytes is none: headers are far shorter. */
  static final int BYTES_MAX = 1 << 16;

  private final byte[] bytes;
  private final InputStream rest;
  private final Optional<TraceFormat> format;

  private CaptureHead(byte[] bytes, InputStream rest, Optional<TraceFormat> format) {
    this.bytes = bytes;
    this.rest = rest;
    this.format = format;
  }

  /** What was read already. */
  byte[] bytes() {
    return bytes;
  }

  /** What follows {@link #bytes}. */
  InputStream rest() {
    return rest;
  }

  /** Empty where the input shows no format that we know. */
  Optional<TraceFormat> format() {
    return format;
  }

  /** Reads until the format is known; from a live source no more than it has to give. */
  static CaptureHead read(CaptureSource source) throws IOException {
    InputStream content = source.content();
    byte[] bytes = new byte[BYTES_MAX];
    int length = 0;
    Optional<TraceFormat> format = Optional.empty();
    try {
      while (format.isEmpty() && length < bytes.length) {
        int count = content.read(bytes, length, bytes.length - length);
        if (count < 0) {
          byte[] whole = Arrays.copyOf(bytes, length);
          return new CaptureHead(whole, InputStream.nullInputStream(), TraceFormat.of(whole, true));
        }
        length += count;
        byte[] come = Arrays.copyOf(bytes, length);
        if (ForeignFormat.ofMagic(come).isPresent()) {
          return new CaptureHead(come, content, Optional.empty());
        }
        format = TraceFormat.of(come, false);
      }
    } catch (TruncatedSourceException e) {
      if (length == 0) {
        throw new UnusableInputException(
            CaptureSource.describe(source.name()) + " cannot be read: " + e.getMessage(), e);
      }
      byte[] whole = Arrays.copyOf(bytes, length);
      return new CaptureHead(whole, new FailingStream(e), TraceFormat.of(whole, true));
    }
    return new CaptureHead(Arrays.copyOf(bytes, length), content, format);
  }

  /** Fails as the source did, for the reader to see it in its turn. */
  private static final class FailingStream extends InputStream {
    private final TruncatedSourceException failure;

    FailingStream(TruncatedSourceException failure) {
      this.failure = failure;
    }

    @Override
    public int read() throws IOException {
      throw failure;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      throw failure;
    }
  }
}
