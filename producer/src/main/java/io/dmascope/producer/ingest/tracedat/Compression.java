package io.dmascope.producer.ingest.tracedat;

import com.github.luben.zstd.ZstdDecompressCtx;
import com.github.luben.zstd.ZstdException;
import java.util.Optional;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/** The compression algorithms that trace-cmd writes, by the names that stand in a file's header. */
public enum Compression {
  NONE("none") {
    @Override
    Decompressor decompressor() {
      return new Nothing();
    }
  },
  ZLIB("zlib") {
    @Override
    Decompressor decompressor() {
      return new Zlib();
    }
  },
  ZSTD("zstd") {
    @Override
    Decompressor decompressor() {
      return new ZstdBlocks();
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

  abstract Decompressor decompressor();

  /** For a file that says it is not compressed, yet has a part that says it is. */
  private static final class Nothing implements Decompressor {
    @Override
    public long decompress(byte[] from, int fromSize, byte[] to, int toSize) {
      return -1;
    }

    @Override
    public void close() {}
  }

  private static final class Zlib implements Decompressor {
    private final Inflater inflater = new Inflater();

    @Override
    public long decompress(byte[] from, int fromSize, byte[] to, int toSize) {
      inflater.reset();
      inflater.setInput(from, 0, fromSize);
      try {
        int size = 0;
        int step = -1;
        while (size < toSize && step != 0) {
          step = inflater.inflate(to, size, toSize - size);
          size += step;
        }
        return size;
      } catch (DataFormatException notZlib) {
        return -1; // the caller says where
      }
    }

    @Override
    public void close() {
      inflater.end();
    }
  }

  private static final class ZstdBlocks implements Decompressor {
    private final ZstdDecompressCtx context = new ZstdDecompressCtx();

    @Override
    public long decompress(byte[] from, int fromSize, byte[] to, int toSize) {
      try {
        return context.decompressByteArray(to, 0, toSize, from, 0, fromSize);
      } catch (ZstdException notZstd) {
        return -1; // the caller says where
      }
    }

    @Override
    public void close() {
      context.close();
    }
  }
}
