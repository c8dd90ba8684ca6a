package io.dmascope.producer.ingest.tracedat;

import io.dmascope.model.event.TraceIssue;
import io.dmascope.model.event.TraceIssue.Kind;
import io.dmascope.producer.ingest.UnusableInputException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The headers of version 7: sections anywhere in the file, found through the options, whose chain
 * of sections begins at an offset behind the initial header.
 */
final class Version7Headers {
  /** Option sections chained to each other; trace-cmd writes two, three with guests. */
  private static final int OPTION_SECTIONS_MAX = 1024;

  /** Bytes of a section after decompression; the event formats have 2 to 8 MB. */
  private static final int SECTION_BYTES_MAX = 32 << 20;

  /** Sections looked for in a file without its table; trace-cmd writes ten. */
  private static final int SECTIONS_RECOVERED_MAX = 1024;

  /** The number of chunks, before the chunks of a CPU. */
  private static final int COUNT_BYTES = 4;

  private static final int COMPRESSION_NAME_MAX = 64;
  private static final int FLAG_COMPRESSED = 1;

  /** Bytes of a section's header: id, flags, description, size. */
  private static final int SECTION_HEADER_BYTES = 16;

  private final MemorySegment file;
  private final ByteCursor cursor;
  private final HeaderReader headers;
  private final Map<Integer, Long> sections = new HashMap<>();
  private final List<PendingInstance> pending = new ArrayList<>();
  private Compression compression = Compression.NONE;
  private boolean holdsText;

  /** An instance as its option tells; its section's flags are looked at when all is known. */
  private record PendingInstance(
      String name, String clock, long pageSize, long sectionOffset, List<CpuData> cpus) {}

  Version7Headers(MemorySegment file, ByteCursor cursor, ByteOrder order, int longSize) {
    this.file = file;
    this.cursor = cursor;
    this.headers = new HeaderReader(order, longSize);
  }

  TraceDatFile read() throws UnusableInputException {
    List<BufferInstance> instances = new ArrayList<>();
    try {
      long filePageSize = cursor.u32("the page size");
      readCompression();
      long offsetOfOptions = cursor.u64("the offset of the options");
      long firstSection = cursor.position();
      readOptionSections(offsetOfOptions);
      if (pending.isEmpty()) {
        recover(firstSection, filePageSize);
      }
      readSection(OptionId.HEADER_INFO, headers::readHeaderInfo);
      readSection(OptionId.FTRACE_EVENTS, headers::readFtraceFormats);
      readSection(OptionId.EVENT_FORMATS, headers::readEventFormats);
      readSection(OptionId.CMDLINES, headers::readCmdlines);
      for (PendingInstance instance : pending) {
        instances.add(instance(instance, filePageSize));
      }
    } catch (DamagedFileException damaged) {
      headers.issues.add(damaged.issue());
    }
    if (instances.isEmpty() && holdsText) {
      throw new UnusableInputException(
          "is a trace.dat of a latency tracer, which holds text: print it with trace-cmd report");
    }
    return headers.file(7, instances);
  }

  private void readCompression() throws DamagedFileException, UnusableInputException {
    String name = cursor.nulTerminated(COMPRESSION_NAME_MAX, "the name of the compression");
    cursor.nulTerminated(COMPRESSION_NAME_MAX, "the version of the compression");
    compression =
        Compression.named(name)
            .orElseThrow(
                () ->
                    new UnusableInputException(
                        "is a trace.dat compressed by an algorithm other than zlib and zstd"
                            + " [compression=%s]".formatted(name)));
  }

  private void readOptionSections(long first) {
    Set<Long> seen = new HashSet<>();
    long offset = first;
    try {
      while (offset != 0 && seen.add(offset) && seen.size() <= OPTION_SECTIONS_MAX) {
        offset = readOptionSection(offset);
      }
    } catch (DamagedFileException damaged) {
      headers.issues.add(damaged.issue());
    }
  }

  /**
   * Finds the sections one behind the other, which is how trace-cmd writes them. The table of CPUs
   * stands at the very end: a file that lost its end has all of its data and no way to it.
   */
  private void recover(long firstSection, long filePageSize) {
    long offset = firstSection;
    try {
      for (int i = 0; i < SECTIONS_RECOVERED_MAX && offset < file.byteSize(); i++) {
        cursor.seek(offset, "a section");
        int id = cursor.u16("the id of a section");
        int flags = cursor.u16("the flags of a section");
        cursor.u32("the description of a section");
        long size = cursor.u64("the size of a section");
        switch (id) {
          case OptionId.DONE -> readOptionSection(offset);
          case OptionId.BUFFER -> recoverInstance(offset, flags, size, filePageSize);
          default -> sections.putIfAbsent(id, offset);
        }
        if (size < 0 || size > file.byteSize() - offset) {
          break;
        }
        offset += SECTION_HEADER_BYTES + size;
      }
    } catch (DamagedFileException end) {
      headers.issues.add(end.issue());
    }
  }

  private void recoverInstance(long offset, int flags, long size, long filePageSize)
      throws DamagedFileException {
    int pageSize = headers.pageSize(filePageSize, offset);
    long start = alignUp(offset + SECTION_HEADER_BYTES, pageSize);
    boolean told = size > 0 && size < file.byteSize() - offset - SECTION_HEADER_BYTES;
    long end = told ? offset + SECTION_HEADER_BYTES + size : file.byteSize();
    List<CpuData> cpus =
        (flags & FLAG_COMPRESSED) != 0
            ? compressedCpus(start, pageSize)
            : plainCpus(start, end, pageSize);
    headers.issues.add(
        new TraceIssue(
            Kind.TRUNCATED_INPUT,
            offset,
            "the table of CPUs is missing, they are numbered as their data comes [cpus=%d]"
                .formatted(cpus.size()),
            ""));
    pending.add(new PendingInstance("", headers.clock, filePageSize, offset, cpus));
  }

  /** Each CPU of compressed data begins at a page and counts its chunks. */
  private List<CpuData> compressedCpus(long start, int pageSize) throws DamagedFileException {
    List<CpuData> cpus = new ArrayList<>();
    long at = start;
    while (at < file.byteSize() && cpus.size() < TraceDatFile.CPUS_MAX) {
      cursor.seek(at, "the data of a CPU");
      long end = endOfChunks();
      if (end == at + COUNT_BYTES) {
        break; // no chunks: something other than a CPU
      }
      cpus.add(new CpuData(cpus.size(), at, end - at));
      at = alignUp(end, pageSize);
    }
    return cpus;
  }

  /**
   * A page begins with its time, which only grows from page to page of a CPU: where it goes back,
   * the next CPU begins. Where it does not, two CPUs are read as one, still in the order of time.
   */
  private List<CpuData> plainCpus(long start, long end, int pageSize) throws DamagedFileException {
    List<CpuData> cpus = new ArrayList<>();
    long cpuStart = start;
    long lastStamp = 0;
    for (long at = start; at <= end - Long.BYTES; at += pageSize) {
      cursor.seek(at, "a page");
      long stamp = cursor.u64("the time of a page");
      boolean next = Long.compareUnsigned(stamp, lastStamp) < 0;
      if (next && cpus.size() < TraceDatFile.CPUS_MAX - 1) {
        cpus.add(new CpuData(cpus.size(), cpuStart, at - cpuStart));
        cpuStart = at;
      }
      lastStamp = stamp;
    }
    if (cpuStart < end) {
      cpus.add(new CpuData(cpus.size(), cpuStart, end - cpuStart));
    }
    return cpus;
  }

  /** Returns where the chunks that begin here end, at the latest where the file does. */
  private long endOfChunks() {
    try {
      long count = cursor.u32("the number of chunks");
      for (long i = 0; i < count; i++) {
        long compressedSize = cursor.u32("the compressed size of a chunk");
        cursor.u32("the uncompressed size of a chunk");
        cursor.skip(compressedSize, "a chunk");
      }
      return cursor.position();
    } catch (DamagedFileException cutOff) {
      return file.byteSize(); // the reader of the chunks says where exactly
    }
  }

  private static long alignUp(long offset, int pageSize) {
    return (offset + pageSize - 1) / pageSize * pageSize;
  }

  /** Returns the offset of the next section of options, 0 after the last. */
  private long readOptionSection(long offset) throws DamagedFileException {
    ByteCursor options = section(offset, OptionId.DONE, "the options");
    while (true) {
      int id = options.u16("an option");
      long size = options.u32("the size of an option");
      ByteCursor value = OptionValue.of(options, size, headers.order);
      switch (id) {
        case OptionId.DONE -> {
          return value.u64("the offset of the next options");
        }
        case OptionId.BUFFER -> readInstance(value);
        case OptionId.BUFFER_TEXT -> holdsText = true;
        case OptionId.TRACECLOCK ->
            headers.clock = HeaderReader.chosenClock(HeaderReader.text(value));
        case OptionId.HEADER_INFO,
            OptionId.FTRACE_EVENTS,
            OptionId.EVENT_FORMATS,
            OptionId.CMDLINES ->
            sections.put(id, value.u64("the offset of a section"));
        default -> OptionValue.read(headers, id, value);
      }
    }
  }

  private void readInstance(ByteCursor value) throws DamagedFileException {
    long sectionOffset = value.u64("the offset of an instance");
    String name = value.nulTerminated(HeaderReader.OPTION_BYTES_MAX, "the name of an instance");
    String clock = value.nulTerminated(HeaderReader.OPTION_BYTES_MAX, "the clock of an instance");
    long pageSize = 0;
    if (hasPageSize(value)) {
      pageSize = value.u32("the page size of an instance");
    }
    int count = value.count("the number of CPUs", TraceDatFile.CPUS_MAX);
    headers.claimCpus(count, value.place());
    List<CpuData> cpus = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int cpu = value.count("the number of a CPU", TraceDatFile.CPUS_MAX);
      long offset = value.u64("the table of CPUs");
      long size = value.u64("the table of CPUs");
      cpus.add(new CpuData(cpu, offset, size));
    }
    if (pending.size() < TraceDatFile.INSTANCES_MAX) {
      pending.add(new PendingInstance(name, clock, pageSize, sectionOffset, cpus));
    }
  }

  /**
   * The page size came into the option after the documentation was written: only the size of what
   * follows (20 bytes a CPU) tells whether the number of CPUs or the page size stands next.
   */
  private boolean hasPageSize(ByteCursor value) throws DamagedFileException {
    ByteCursor ahead = new ByteCursor(value.rest(), value.place(), headers.order);
    ahead.u32("the number of CPUs");
    if (ahead.remaining() < 4) {
      return false;
    }
    long count = ahead.u32("the number of CPUs");
    return ahead.remaining() == 20 * count;
  }

  private BufferInstance instance(PendingInstance instance, long filePageSize) {
    Compression used = Compression.NONE;
    try {
      cursor.seek(instance.sectionOffset, "the data of an instance");
      cursor.u16("the id of a section");
      if ((cursor.u16("the flags of a section") & FLAG_COMPRESSED) != 0) {
        used = compression;
      }
    } catch (DamagedFileException damaged) {
      headers.issues.add(damaged.issue());
    }
    int pageSize =
        headers.pageSize(
            instance.pageSize == 0 ? filePageSize : instance.pageSize, instance.sectionOffset);
    String clock =
        instance.name.isEmpty() && !headers.clock.isEmpty()
            ? headers.clock
            : HeaderReader.chosenClock(instance.clock);
    return new BufferInstance(instance.name, clock, pageSize, used, instance.cpus);
  }

  @FunctionalInterface
  private interface SectionReader {
    void read(ByteCursor section) throws DamagedFileException;
  }

  private void readSection(int id, SectionReader reader) {
    Long offset = sections.get(id);
    if (offset == null) {
      return; // what depends on it says so: without formats there are no events
    }
    try {
      reader.read(section(offset, id, "a section"));
    } catch (DamagedFileException damaged) {
      headers.issues.add(damaged.issue());
    }
  }

  /** Returns a cursor over the section's content, decompressed. */
  private ByteCursor section(long offset, int expectedId, String what) throws DamagedFileException {
    cursor.seek(offset, what);
    int id = cursor.u16("the id of a section");
    int flags = cursor.u16("the flags of a section");
    cursor.u32("the description of a section");
    long size = cursor.u64("the size of a section");
    if (id != expectedId) {
      throw new DamagedFileException(
          Kind.DAMAGED_RECORD,
          offset,
          "expected another section here [expected=%d] [id=%d]".formatted(expectedId, id));
    }
    if ((flags & FLAG_COMPRESSED) == 0) {
      long start = offset + SECTION_HEADER_BYTES;
      long available = Math.min(size < 0 ? Long.MAX_VALUE : size, cursor.remaining());
      return new ByteCursor(file.asSlice(start, available), start, headers.order);
    }
    return decompressed(offset, what);
  }

  private ByteCursor decompressed(long offset, String what) throws DamagedFileException {
    long compressedSize = cursor.u32("the compressed size of a section");
    int size = cursor.count("the uncompressed size of a section", SECTION_BYTES_MAX);
    byte[] from = cursor.bytes(compressedSize, SECTION_BYTES_MAX, what);
    byte[] content = new byte[size];
    try (Decompressor decompressor = compression.decompressor()) {
      if (decompressor.decompress(from, from.length, content, size) != size) {
        throw new DamagedFileException(
            Kind.DAMAGED_RECORD, offset, what + " could not be decompressed");
      }
    }
    return new ByteCursor(MemorySegment.ofArray(content), offset, headers.order);
  }
}
