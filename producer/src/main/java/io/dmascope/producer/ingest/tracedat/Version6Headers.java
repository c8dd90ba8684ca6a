package io.dmascope.producer.ingest.tracedat;

import io.dmascope.model.event.TraceIssue.Kind;
import io.dmascope.producer.ingest.UnusableInputException;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/** The headers of version 6: one part after the other, then a table of CPUs. */
final class Version6Headers {
  private static final int TYPE_CHARS = 10; // "options  \0", "flyrecord\0", "latency  \0"

  private final ByteCursor cursor;
  private final HeaderReader headers;
  private final List<NamedOffset> otherInstances = new ArrayList<>();
  private boolean clockFollows;

  private record NamedOffset(String name, long offset) {}

  Version6Headers(ByteCursor cursor, ByteOrder order, int longSize) {
    this.cursor = cursor;
    this.headers = new HeaderReader(order, longSize);
  }

  TraceDatFile read() throws UnusableInputException {
    List<BufferInstance> instances = new ArrayList<>();
    try {
      readAll(instances);
    } catch (DamagedFileException damaged) {
      headers.issues.add(damaged.issue());
    }
    return headers.file(6, instances);
  }

  private void readAll(List<BufferInstance> instances)
      throws DamagedFileException, UnusableInputException {
    long filePageSize = cursor.u32("the page size");
    headers.readHeaderInfo(cursor);
    headers.readFtraceFormats(cursor);
    headers.readEventFormats(cursor);
    cursor.skip(cursor.u32("the size of kallsyms"), "kallsyms");
    cursor.skip(cursor.u32("the size of printk_formats"), "printk_formats");
    headers.readCmdlines(cursor);
    headers.cpuCount = cursor.count("the number of CPUs", TraceDatFile.CPUS_MAX);
    int pageSize = headers.pageSize(filePageSize, cursor.place());
    readType();
    List<CpuData> top = readCpuTable();
    if (clockFollows) {
      long size = cursor.u64("the size of the trace clock");
      headers.clock =
          HeaderReader.chosenClock(
              cursor.text(size, HeaderReader.OPTION_BYTES_MAX, "the trace clock"));
    }
    instances.add(new BufferInstance("", headers.clock, pageSize, Compression.NONE, top));
    for (NamedOffset instance : otherInstances) {
      cursor.seek(instance.offset, "the instance " + instance.name);
      readType();
      instances.add(
          new BufferInstance(
              instance.name, headers.clock, pageSize, Compression.NONE, readCpuTable()));
    }
  }

  /** Reads options, if any, and what kind of data follows; only ring-buffer pages can be read. */
  private void readType() throws DamagedFileException, UnusableInputException {
    String type = cursor.text(TYPE_CHARS, TYPE_CHARS, "the type of the data");
    if (type.startsWith("options")) {
      readOptions();
      type = cursor.text(TYPE_CHARS, TYPE_CHARS, "the type of the data");
    }
    if (type.startsWith("latency")) {
      throw new UnusableInputException(
          "is a trace.dat of a latency tracer, which holds text: print it with trace-cmd report");
    }
    if (!type.startsWith("flyrecord")) {
      throw new DamagedFileException(
          Kind.DAMAGED_RECORD,
          cursor.place() - TYPE_CHARS,
          "expected options, flyrecord or latency before the table of CPUs");
    }
  }

  private void readOptions() throws DamagedFileException {
    int id = cursor.u16("an option");
    while (id != OptionId.DONE) {
      long size = cursor.u32("the size of an option");
      ByteCursor value = OptionValue.of(cursor, size, headers.order);
      switch (id) {
        case OptionId.BUFFER -> readInstance(value);
        case OptionId.TRACECLOCK -> clockFollows = true; // behind the table of CPUs
        default -> OptionValue.read(headers, id, value);
      }
      id = cursor.u16("an option");
    }
  }

  private void readInstance(ByteCursor value) throws DamagedFileException {
    long offset = value.u64("the offset of an instance");
    String name = HeaderReader.text(value);
    if (otherInstances.size() < TraceDatFile.INSTANCES_MAX && !name.isEmpty()) {
      otherInstances.add(new NamedOffset(name, offset));
    }
  }

  private List<CpuData> readCpuTable() throws DamagedFileException {
    headers.claimCpus(headers.cpuCount, cursor.place());
    List<CpuData> cpus = new ArrayList<>();
    for (int cpu = 0; cpu < headers.cpuCount; cpu++) {
      long offset = cursor.u64("the table of CPUs");
      long size = cursor.u64("the table of CPUs");
      cpus.add(new CpuData(cpu, offset, size));
    }
    return cpus;
  }
}
