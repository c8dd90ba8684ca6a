package io.dmascope.producer.ingest.open;

import io.dmascope.producer.ingest.text.TruncatedSourceException;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A temporary file with the content of a source that is no plain file: a binary recording is read
 * at many places at once, which a pipe and a compressed file do not allow.
 */
final class SpooledFile implements Closeable {
  private final Path path;

  private SpooledFile(Path path) {
    this.path = path;
  }

  static SpooledFile of(InputStream content) throws IOException {
    SpooledFile file = new SpooledFile(Files.createTempFile("dmascope-", ".dat"));
    try {
      try (OutputStream to = Files.newOutputStream(file.path)) {
        content.transferTo(to);
      } catch (TruncatedSourceException truncated) {
        // What came is kept: its reader finds the end missing and says so.
      }
    } catch (IOException e) {
      file.close();
      throw e;
    }
    return file;
  }

  Path path() {
    return path;
  }

  @Override
  public void close() throws IOException {
    Files.deleteIfExists(path);
  }
}
