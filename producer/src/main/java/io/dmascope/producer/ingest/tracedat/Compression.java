package io.dmascope.producer.ingest.tracedat;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdException;
import java.util.Optional;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/** The compression algorithms that trace-cmd writes, by the names that stand in a file's header. */
enum Compression {
  NONE("none") {
    @Override
    long decompress(byte[] from, int fromSize, byte[] to, int toSize) {
      return -1;
    }
  },
  ZLIB("zlib") {
    @Override
    long decompress(byte[] from, int fromSize, byte[] to, int toSize) {
      Inflater inflater = new Inflater();
      try {
        inflater.setInput(from, 0, fromSize);
        int size = 0;
        int step = -1;
        while (size < toSize && step != 0) {
          step = inflater.inflate(to, size, toSize - size);
          size += step;
        }
        return size;
      } catch (DataFormatException notZlib) {
        return -1; // the caller says where
      } finally {
        inflater.end();
      }
    }
  },
  ZSTD("zstd") {
    @Override
    long decompress(byte[] from, int fromSize, byte[] to, int toSize) {
      try {
        return Zstd.decompressByteArray(to, 0, toSize, from, 0, fromSize);
      } catch (ZstdException notZstd) {
        return -1; // the caller says where
      }
    }
  };

  private final String fileName;

  Compression(String fileName) {
    this.fileName = fileName;
  }

  static Optional<Compression> named(String name) {
    for (Compression compression : values()) {
      if (compression.fileName.equals(name)) {
        return Optional.of(compression);
      }
    }
    return Optional.empty();
  }

  /**
   * Decompresses {@code fromSize} bytes into the first {@code toSize} of {@code to}.
   *
   * @return the size of the result, or -1 where the input is damaged or would not fit
   */
  abstract long decompress(byte[] from, int fromSize, byte[] to, int toSize);
}
