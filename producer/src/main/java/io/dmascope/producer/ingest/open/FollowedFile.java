package io.dmascope.producer.ingest.open;

import io.dmascope.producer.ingest.UnusableInputException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * A text file that is still written to: at its end the stream waits for more, as {@code tail -F}
 * does.
 *
 * <p>A file that was replaced by another of its name is read to its end, then the new one from its
 * beginning. In a file that was truncated, lines may have come and gone unseen: a line that no
 * reader recognises says so in the stream, and the capture has a gap there.
 */
public final class FollowedFile extends InputStream {
  private final Path path;
  private final BooleanSupplier pause;
  private final Consumer<String> notes;
  private FileChannel channel;
  private Object key;
  private long position;

  /** False for files of tracefs, which have no size. */
  private boolean sized;

  private boolean midLine;
  private boolean replaced;
  private ByteBuffer said = ByteBuffer.allocate(0);

  private FollowedFile(Path path, BooleanSupplier pause, Consumer<String> notes)
      throws IOException {
    this.path = path;
    this.pause = pause;
    this.notes = notes;
    open();
  }

  /**
   * Opens the file at its beginning.
   *
   * @param pause waits for a moment, and returns true once the stream has to end
   * @param notes told in a sentence when another file is read on
   * @throws UnusableInputException where there is no such file
   */
  public static FollowedFile open(Path path, BooleanSupplier pause, Consumer<String> notes)
      throws IOException {
    if (Files.isDirectory(path)) {
      throw new UnusableInputException(path + " is a directory, not a trace");
    }
    try {
      return new FollowedFile(path, pause, notes);
    } catch (NoSuchFileException e) {
      throw new UnusableInputException(path + " does not exist", e);
    }
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    while (length > 0) {
      int count = readNow(bytes, offset, length);
      if (count > 0) {
        midLine = bytes[offset + count - 1] != '\n';
        return count;
      }
      if (!hasChanged() && pause.getAsBoolean()) {
        return -1;
      }
    }
    return 0;
  }

  private int readNow(byte[] bytes, int offset, int length) throws IOException {
    if (said.hasRemaining()) {
      int count = Math.min(length, said.remaining());
      said.get(bytes, offset, count);
      return count;
    }
    int count = channel.read(ByteBuffer.wrap(bytes, offset, length));
    position += Math.max(0, count);
    return count;
  }

  private boolean hasChanged() throws IOException {
    if (channel.size() < position && sized) {
      channel.position(0);
      position = 0;
      say("[%s was truncated: dma_* events may be missing here]".formatted(path.getFileName()));
      return true;
    }
    sized |= channel.size() == position;
    if (replaced) {
      // Seen before, and nothing more came in the old file since.
      channel.close();
      open();
      say("");
      notes.accept(path + " was replaced: reading the new one");
      return true;
    }
    replaced = isOther();
    return replaced;
  }

  private boolean isOther() throws IOException {
    try {
      return !Objects.equals(key, keyOf(path));
    } catch (NoSuchFileException e) {
      return false; // between two files
    }
  }

  private void open() throws IOException {
    channel = FileChannel.open(path, StandardOpenOption.READ);
    key = keyOf(path);
    position = 0;
    sized = false;
    replaced = false;
  }

  private static Object keyOf(Path path) throws IOException {
    return Files.readAttributes(path, BasicFileAttributes.class).fileKey();
  }

  /** Puts a line into the stream, behind the end of an unfinished one. */
  private void say(String line) {
    String text = (midLine ? "\n" : "") + (line.isEmpty() ? "" : line + "\n");
    said = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
