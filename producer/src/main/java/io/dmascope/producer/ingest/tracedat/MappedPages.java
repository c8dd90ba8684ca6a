package io.dmascope.producer.ingest.tracedat;

import io.dmascope.model.event.TraceIssue.Kind;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Pages that lie in the file as they are. */
final class MappedPages implements PageSource {
  private static final int PREFERRED_BYTES = 1 << 16;

  private final MemorySegment file;
  private final CpuData cpu;
  private final int pageSize;
  private final ReadMemory memory;
  private final long end;
  private byte[] bytes;
  private long at;
  private long place;
  private int size;
  private boolean cutOff;

  MappedPages(MemorySegment file, CpuData cpu, int pageSize, ReadMemory memory) {
    this.file = file;
    this.cpu = cpu;
    this.pageSize = pageSize;
    this.memory = memory;
    this.at = cpu.offset();
    this.cutOff = cpu.offset() < 0 || cpu.size() < 0 || cpu.size() > file.byteSize() - cpu.offset();
    this.end = cpu.offset() < 0 ? -1 : cutOff ? file.byteSize() : cpu.offset() + cpu.size();
  }

  @Override
  public boolean next() throws DamagedFileException {
    if (at < 0 || at >= end || !hasBuffer()) {
      return reportCutOff();
    }
    place = at;
    size = (int) Math.min(bytes.length, end - at);
    MemorySegment.copy(file, ValueLayout.JAVA_BYTE, at, bytes, 0, size);
    at += size;
    return true;
  }

  private boolean hasBuffer() throws DamagedFileException {
    if (bytes == null) {
      long all = Math.min(end - at, Math.max(PREFERRED_BYTES, pageSize));
      int whole = (int) ((all + pageSize - 1) / pageSize * pageSize);
      bytes = memory.buffer(whole, pageSize);
      if (bytes == null) {
        at = end;
        cutOff = false;
        throw tooMuch(cpu, pageSize);
      }
    }
    return true;
  }

  static DamagedFileException tooMuch(CpuData cpu, int size) {
    return new DamagedFileException(
        Kind.DAMAGED_RECORD,
        cpu.offset(),
        "more CPUs with larger pages than can be merged at once, this one is left out"
            + " [cpu=%d] [bytes=%d] [max=%d]"
                .formatted(cpu.cpu(), size, ReadMemory.RESIDENT_BYTES_MAX));
  }

  private boolean reportCutOff() throws DamagedFileException {
    if (cutOff) {
      cutOff = false;
      throw new DamagedFileException(
          Kind.TRUNCATED_INPUT,
          file.byteSize(),
          "the data of a CPU goes on behind the end of the file [cpu=%d] [offset=%s] [size=%s]"
              .formatted(
                  cpu.cpu(),
                  Long.toUnsignedString(cpu.offset()),
                  Long.toUnsignedString(cpu.size())));
    }
    return false;
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
