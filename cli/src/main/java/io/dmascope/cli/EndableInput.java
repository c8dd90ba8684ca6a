package io.dmascope.cli;

import io.dmascope.producer.ingest.text.TruncatedSourceException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * A stream that ends where its source does, or when it is told to: a read of standard input cannot
 * be interrupted, so a thread of its own waits for it.
 */
final class EndableInput extends InputStream {
  private static final int CHUNK_BYTES = 1 << 16;
  private static final long LOOK_EVERY_MS = 100;
  private static final ByteBuffer END = ByteBuffer.allocate(0);

  private final InputStream source;
  private final BooleanSupplier mustEnd;
  private final BlockingQueue<ByteBuffer> chunks = new SynchronousQueue<>();
  private ByteBuffer chunk = ByteBuffer.wrap(new byte[1]).position(1);

  /** Ordered between the two threads by the hand-over of the end. */
  private IOException failure;

  /**
   * @param mustEnd asked several times a second while nothing comes
   */
  EndableInput(InputStream source, BooleanSupplier mustEnd) {
    this.source = source;
    this.mustEnd = mustEnd;
    Thread.ofPlatform().daemon().name("dmascope-input").start(this::pump);
  }

  private void pump() {
    try {
      byte[] bytes = new byte[CHUNK_BYTES];
      for (int count = source.read(bytes); count >= 0; count = source.read(bytes)) {
        chunks.put(ByteBuffer.wrap(Arrays.copyOf(bytes, count)));
        if (mustEnd.getAsBoolean()) {
          break; // a source that never rests
        }
      }
    } catch (IOException e) {
      failure = e; // thrown again by read
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    try {
      chunks.put(END);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    while (length > 0 && !chunk.hasRemaining() && !ended()) {
      ByteBuffer next = next();
      if (next == null && mustEnd.getAsBoolean()) {
        return -1;
      }
      chunk = next == null ? chunk : next;
    }
    if (length > 0 && ended()) {
      if (failure != null) {
        // What came before is a capture, as when a file was cut off.
        throw new TruncatedSourceException(
            "standard input broke off: " + failure.getMessage(), failure);
      }
      return -1;
    }
    int count = Math.min(length, chunk.remaining());
    chunk.get(bytes, offset, count);
    return count;
  }

  private boolean ended() {
    return chunk.capacity() == 0;
  }

  /** Returns what came within a moment, or null. */
  private ByteBuffer next() {
    try {
      return chunks.poll(LOOK_EVERY_MS, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return END;
    }
  }
}
