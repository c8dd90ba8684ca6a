package io.dmascope.producer.ingest.dmesg;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/** Lines of a stream, each cut at a limit, so that a file without line ends costs no memory. */
final class LineSplitter {
  private final InputStream in;
  private final byte[] line;
  private final byte[] chunk = new byte[1 << 16];
  private int chunkIndex;
  private int chunkSize;

  LineSplitter(InputStream in, int lineBytesMax) {
    this.in = in;
    this.line = new byte[lineBytesMax];
  }

  /** The next line without its end, or null at the end of the stream. */
  String next() throws IOException {
    int size = 0;
    for (int b = read(); ; b = read()) {
      if (b < 0 && size == 0) {
        return null;
      }
      if (b < 0 || b == '\n') {
        return new String(line, 0, size, StandardCharsets.UTF_8);
      }
      if (size < line.length) {
        line[size++] = (byte) b;
      }
    }
  }

  private int read() throws IOException {
    if (chunkIndex == chunkSize) {
      chunkSize = in.read(chunk);
      chunkIndex = 0;
      if (chunkSize <= 0) {
        chunkSize = 0;
        return -1;
      }
    }
    return chunk[chunkIndex++] & 0xff;
  }
}
