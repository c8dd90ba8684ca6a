package io.dmascope.producer.write.tracedat;

import io.dmascope.model.event.CaptureFacts;
import io.dmascope.model.event.EventHeader;
import io.dmascope.model.event.TraceEvent;
import io.dmascope.producer.ingest.tracedat.Compression;
import io.dmascope.producer.ingest.tracedat.OptionId;
import io.dmascope.producer.write.tracedat.TraceDatContainer.CpuPages;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Sorts events into the rings of their CPUs, and makes a trace.dat of them in the end. */
public final class RingRecorder implements Closeable {
  private static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;

  /** The one symbol that an event needs: who wrote a marker. */
  private static final String SYMBOLS =
      "%x T tracing_mark_write\n".formatted(EventRecords.MARK_WRITE_ADDR);

  /** One CPU, and where its pages wait. */
  private static final class Cpu {
    final CpuRing ring = new CpuRing(ORDER);
    int[] pages = new int[16];
    int pageCount;

    void keep(int page) {
      if (pageCount == pages.length) {
        pages = Arrays.copyOf(pages, 2 * pageCount);
      }
      pages[pageCount++] = page;
    }
  }

  private final Path file;
  private final CaptureFacts facts;
  private final TraceDatContainer container;
  private final EventFormats formats;
  private final EventRecords records;
  private final Path waiting;
  private final FileChannel pages;
  private final Map<Integer, Cpu> cpus = new TreeMap<>();
  private final Map<Integer, String> comms = new TreeMap<>();
  private int pagesKept;

  /** Begins a recording; its pages wait in a file beside {@code file} until it is closed. */
  public RingRecorder(Path file, int version, Compression compression, CaptureFacts facts)
      throws IOException {
    this.file = file;
    this.facts = facts;
    container = new TraceDatContainer(version, ORDER, Long.BYTES, CpuRing.PAGE_BYTES, compression);
    formats = new EventFormats(facts.kernelRelease());
    records = new EventRecords(formats, ORDER);
    waiting = file.resolveSibling(file.getFileName() + ".pages");
    pages =
        FileChannel.open(
            waiting,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE,
            StandardOpenOption.DELETE_ON_CLOSE);
  }

  /** Records an event of a tracepoint. */
  public void record(TraceEvent event) throws IOException {
    EventHeader header = event.header();
    byte[] payload = records.payload(event);
    Cpu cpu = cpu(header.cpu());
    if (cpu.ring.mustTurn(payload.length)) {
      keepPage(cpu);
    }
    cpu.ring.add(header.timestampNs(), payload);
    comms.putIfAbsent(header.pid(), header.comm());
  }

  /** Notes that events of the CPU are missing here. */
  public void lose(int cpu, long count) {
    cpu(cpu).ring.lose(count);
  }

  private Cpu cpu(int number) {
    return cpus.computeIfAbsent(number, fresh -> new Cpu());
  }

  private void keepPage(Cpu cpu) throws IOException {
    byte[] page = cpu.ring.takePage();
    if (page != null) {
      ByteBuffer bytes = ByteBuffer.wrap(page);
      long position = (long) pagesKept * CpuRing.PAGE_BYTES;
      while (bytes.hasRemaining()) {
        position += pages.write(bytes, position);
      }
      cpu.keep(pagesKept++);
    }
  }

  /** Writes the file. */
  @Override
  public void close() throws IOException {
    try (pages) {
      for (Cpu cpu : cpus.values()) {
        keepPage(cpu);
      }
      describe();
      container.write(file);
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private void describe() {
    formats.describeIn(container);
    container.symbols(SYMBOLS);
    comms.forEach(
        (pid, comm) -> {
          if (pid > 0) {
            container.cmdline(pid, comm);
          }
        });
    int count = cpus.keySet().stream().mapToInt(cpu -> cpu + 1).max().orElse(1);
    container
        .clock(facts.clock())
        .option(OptionId.UNAME, "Linux dmascope %s x86_64".formatted(facts.kernelRelease()))
        .option(OptionId.VERSION, "dmascope generate");
    List<CpuPages> data = new ArrayList<>();
    for (int number = 0; number < count; number++) {
      Cpu cpu = cpus.getOrDefault(number, new Cpu());
      container.option(OptionId.CPUSTAT, cpu.ring.statistics(number));
      data.add(new CpuPages(number, cpu.pageCount, index -> page(cpu.pages[(int) index])));
    }
    container.option(OptionId.CPUCOUNT, container.u32(count));
    container.instance("", data.toArray(CpuPages[]::new));
  }

  private byte[] page(int number) {
    ByteBuffer bytes = ByteBuffer.allocate(CpuRing.PAGE_BYTES);
    long position = (long) number * CpuRing.PAGE_BYTES;
    try {
      while (bytes.hasRemaining()) {
        position += pages.read(bytes, position);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.array();
  }
}
