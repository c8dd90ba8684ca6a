package io.dmascope.producer.ingest.open;

import io.dmascope.producer.ingest.UnusableInputException;
import io.dmascope.producer.ingest.text.TextEncoding;
import io.dmascope.producer.ingest.text.TruncatedSourceException;
import java.io.ByteArrayInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;

/** The bytes of a capture, decompressed, and what the user calls it. */
final class CaptureSource implements Closeable {
  static final String STANDARD_INPUT = "-";

  private final String name;
  private final Optional<Path> plainFile;
  private final InputStream content;

  private CaptureSource(String name, Optional<Path> plainFile, InputStream content) {
    this.name = name;
    this.plainFile = plainFile;
    this.content = content;
  }

  /**
   * Opens a file, or standard input for {@code -}.
   *
   * @throws UnusableInputException where there is nothing to read; one sentence for the user
   */
  static CaptureSource open(String name, InputStream standardInput) throws IOException {
    if (name.equals(STANDARD_INPUT)) {
      return decompressed(name, Optional.empty(), standardInput);
    }
    Path path = existing(name);
    InputStream raw = null;
    try {
      raw = Files.newInputStream(path);
      return decompressed(name, Optional.of(path).filter(Files::isRegularFile), raw);
    } catch (AccessDeniedException e) {
      throw new UnusableInputException(name + " cannot be read: permission denied", e);
    } catch (IOException e) {
      if (raw != null) {
        raw.close();
      }
      throw e;
    }
  }

  /** A source that somebody else opened. */
  static CaptureSource of(String name, InputStream stream) throws IOException {
    return decompressed(name, Optional.empty(), stream);
  }

  /** What the user called it. */
  String name() {
    return name;
  }

  /** The file, where it is one and holds the content as it is, not compressed. */
  Optional<Path> plainFile() {
    return plainFile;
  }

  InputStream content() {
    return content;
  }

  @Override
  public void close() throws IOException {
    content.close();
  }

  private static Path existing(String name) throws UnusableInputException {
    Path path;
    try {
      path = Path.of(name);
    } catch (InvalidPathException e) {
      throw new UnusableInputException(name + " is not a file name", e);
    }
    if (Files.isDirectory(path)) {
      throw new UnusableInputException(name + " is a directory, not a trace");
    }
    if (Files.notExists(path)) {
      throw new UnusableInputException(name + " does not exist");
    }
    return path;
  }

  private static CaptureSource decompressed(String name, Optional<Path> file, InputStream raw)
      throws IOException {
    byte[] head = raw.readNBytes(Compression.MAGIC_BYTES_MAX);
    if (head.length == 0) {
      throw new UnusableInputException(describe(name) + " is empty");
    }
    InputStream whole = new SequenceInputStream(new ByteArrayInputStream(head), raw);
    for (Compression compression : Compression.values()) {
      if (compression.recognises(head)) {
        try {
          InputStream content = TextEncoding.decoded(compression.decompress(whole));
          return new CaptureSource(name, Optional.empty(), content);
        } catch (TruncatedSourceException e) {
          throw new UnusableInputException(
              describe(name) + " is not readable: " + e.getMessage(), e);
        }
      }
    }
    return new CaptureSource(name, file, TextEncoding.decoded(whole));
  }

  static String describe(String name) {
    return name.equals(STANDARD_INPUT) ? "standard input" : name;
  }
}
