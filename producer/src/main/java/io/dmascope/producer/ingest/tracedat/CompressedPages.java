package io.dmascope.producer.ingest.tracedat;

import io.dmascope.model.event.TraceIssue.Kind;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * Pages in compressed chunks: a count, then for each chunk its compressed size, its uncompressed
 * size, and the data. One chunk is held at a time; one too large for the memory that is left is
 * decompressed anew for each of its pages.
 *
 * <p>A record's place is where it would stand if this CPU's data lay uncompressed at its offset.
 */
final class CompressedPages implements PageSource {
  private final MemorySegment file;
  private final ByteOrder order;
  private final CpuData cpu;
  private final int pageSize;
  private final Decompressor decompressor;
  private final ReadMemory memory;
  private ByteCursor chunks;
  private long chunksLeft;
  private byte[] bytes;
  private int size;
  private long place;
  // The chunk that is given out page by page: where it begins, and how far it was given out.
  private long pagedChunk = -1;
  private int pagedAt;

  CompressedPages(
      MemorySegment file,
      ByteOrder order,
      CpuData cpu,
      int pageSize,
      Decompressor decompressor,
      ReadMemory memory) {
    this.file = file;
    this.order = order;
    this.cpu = cpu;
    this.pageSize = pageSize;
    this.decompressor = decompressor;
    this.memory = memory;
    this.place = cpu.offset();
  }

  @Override
  public boolean next() throws DamagedFileException {
    if (cpu.size() == 0) {
      return false;
    }
    if (chunks == null) {
      open();
    }
    place += size;
    size = 0;
    if (pagedChunk >= 0) {
      return nextPageOfChunk();
    }
    return chunksLeft > 0 && nextChunk();
  }

  private void open() throws DamagedFileException {
    ByteCursor cursor = new ByteCursor(file, 0, order);
    chunks = cursor; // chunksLeft is 0 until all of this is there
    cursor.seek(cpu.offset(), "the data of CPU " + cpu.cpu());
    chunksLeft = cursor.u32("the number of chunks of CPU " + cpu.cpu());
  }

  private boolean nextChunk() throws DamagedFileException {
    long chunk = chunks.position();
    chunksLeft--;
    int uncompressedSize = read(chunk, null);
    if (bytes == null || bytes.length < uncompressedSize) {
      grow(uncompressedSize);
    }
    if (bytes.length < uncompressedSize) {
      pagedChunk = chunk;
      pagedAt = 0;
      return nextPageOfChunk();
    }
    size = read(chunk, bytes);
    return true;
  }

  private void grow(int wanted) throws DamagedFileException {
    if (bytes != null) {
      memory.giveBack(bytes);
    }
    bytes = memory.buffer(wanted, pageSize);
    if (bytes == null) {
      chunksLeft = 0;
      throw MappedPages.tooMuch(cpu, pageSize);
    }
  }

  private boolean nextPageOfChunk() throws DamagedFileException {
    int whole = read(pagedChunk, null);
    byte[] all = memory.uncompressed(whole);
    read(pagedChunk, all);
    size = Math.min(pageSize, whole - pagedAt);
    System.arraycopy(all, pagedAt, bytes, 0, size);
    pagedAt += size;
    if (pagedAt >= whole) {
      pagedChunk = -1;
    }
    return true;
  }

  /**
   * Reads the chunk's header and, where {@code to} is given, its data; the cursor then stands
   * behind the chunk, also when the data is damaged.
   *
   * @return the uncompressed size
   */
  private int read(long chunk, byte[] to) throws DamagedFileException {
    try {
      chunks.seek(chunk, "a chunk");
      long compressedSize = chunks.u32("the compressed size of a chunk");
      long uncompressedSize = chunks.u32("the uncompressed size of a chunk");
      long data = chunks.position();
      chunks.skip(compressedSize, "a chunk of CPU " + cpu.cpu());
      if (uncompressedSize == 0
          || uncompressedSize > ReadMemory.CHUNK_BYTES_MAX
          || compressedSize > 2L * ReadMemory.CHUNK_BYTES_MAX) {
        throw damaged(chunk, "the size of a chunk is not believable", uncompressedSize);
      }
      if (to != null) {
        byte[] from = memory.compressed((int) compressedSize);
        MemorySegment.copy(file, ValueLayout.JAVA_BYTE, data, from, 0, (int) compressedSize);
        long got = decompressor.decompress(from, (int) compressedSize, to, (int) uncompressedSize);
        if (got != uncompressedSize) {
          throw damaged(chunk, "a chunk could not be decompressed", uncompressedSize);
        }
      }
      return (int) uncompressedSize;
    } catch (DamagedFileException damaged) {
      pagedChunk = -1;
      if (damaged.issue().kind() == Kind.TRUNCATED_INPUT) {
        chunksLeft = 0;
      }
      throw damaged;
    }
  }

  private DamagedFileException damaged(long chunk, String what, long uncompressedSize) {
    return new DamagedFileException(
        Kind.DAMAGED_RECORD,
        chunk,
        "%s [cpu=%d] [uncompressed=%d]".formatted(what, cpu.cpu(), uncompressedSize));
  }

  @Override
  public byte[] bytes() {
    return bytes;
  }

  @Override
  public int size() {
    return size;
  }

  @Override
  public long place() {
    return place;
  }
}
