package io.dmascope.producer.write.tracedat;

import com.github.luben.zstd.Zstd;
import io.dmascope.producer.ingest.tracedat.Compression;
import io.dmascope.producer.ingest.tracedat.FormatText;
import io.dmascope.producer.ingest.tracedat.OptionId;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongFunction;
import java.util.zip.Deflater;

/**
 * Writes a trace.dat of version 6 or 7, as trace-cmd.dat.v6(5) and trace-cmd.dat.v7(5) describe
 * them, page by page, so that files larger than memory can be made.
 */
public final class TraceDatContainer {
  private static final int CHUNK_PAGES = 10;

  /** The pages of one CPU, made when they are written. */
  public record CpuPages(int cpu, long count, LongFunction<byte[]> page) {
    /** Pages that are there already. */
    public static CpuPages of(int cpu, byte[]... pages) {
      return new CpuPages(cpu, pages.length, index -> pages[(int) index]);
    }
  }

  private record Instance(String name, List<CpuPages> cpus) {}

  private static final String HEADER_EVENT =
      """
      # compressed entry header
      \ttype_len    :    5 bits
      \ttime_delta  :   27 bits
      \tarray       :   32 bits

      \tpadding     : type == 29
      \ttime_extend : type == 30
      \ttime_stamp : type == 31
      \tdata max type_len  == 28
      """;

  private final int version;
  private final ByteOrder order;
  private final int longSize;
  private final int pageSize;
  private final Compression compression;
  private final Map<String, List<String>> formats = new LinkedHashMap<>();
  private final ByteArrayOutputStream options = new ByteArrayOutputStream();
  private final List<Instance> instances = new ArrayList<>();
  private final StringBuilder cmdlines = new StringBuilder();
  private String symbols = "";
  private String clock = "local";

  private SeekableByteChannel out;

  /** An empty file of that shape; version 6 is never compressed. */
  public TraceDatContainer(
      int version, ByteOrder order, int longSize, int pageSize, Compression compression) {
    this.version = version;
    this.order = order;
    this.longSize = longSize;
    this.pageSize = pageSize;
    this.compression = compression;
  }

  public int longSize() {
    return longSize;
  }

  /** Adds the text of an event's {@code format} file. */
  public TraceDatContainer format(String system, String text) {
    formats.computeIfAbsent(system, name -> new ArrayList<>()).add(text);
    return this;
  }

  /** {@code /proc/kallsyms}, or as much of it as is needed. */
  public TraceDatContainer symbols(String text) {
    symbols = text;
    return this;
  }

  /** Adds a line of {@code saved_cmdlines}. */
  public TraceDatContainer cmdline(int pid, String name) {
    cmdlines.append(pid).append(' ').append(name).append('\n');
    return this;
  }

  /** Adds an option to those that both versions have. */
  public TraceDatContainer option(int id, byte[] value) {
    addOption(options, id, value);
    return this;
  }

  /** Adds an option that is a text. */
  public TraceDatContainer option(int id, String value) {
    return option(id, nulTerminated(value));
  }

  /** The clock of all stamps; {@code local} unless told. */
  public TraceDatContainer clock(String name) {
    clock = name;
    return this;
  }

  /** Adds a buffer instance; the top one has an empty name and comes first. */
  public TraceDatContainer instance(String name, CpuPages... cpus) {
    instances.add(new Instance(name, List.of(cpus)));
    return this;
  }

  /** An empty page of this file's shape, whose first delta counts from that stamp. */
  public PageWriter page(long stamp) {
    return new PageWriter(pageSize, longSize, order, stamp);
  }

  /** An empty record of this file's shape. */
  public RecordWriter record(FormatText format, int pid) {
    return new RecordWriter(format, pid, order);
  }

  /** Writes all that was added. */
  public void write(Path file) throws IOException {
    try (SeekableByteChannel channel =
        Files.newByteChannel(
            file,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      out = channel;
      put(new byte[] {0x17, 0x08, 0x44}, "tracing".getBytes(StandardCharsets.US_ASCII));
      put(nulTerminated(Integer.toString(version)));
      put(new byte[] {(byte) (order == ByteOrder.BIG_ENDIAN ? 1 : 0), (byte) longSize});
      put(u32(pageSize));
      if (version == 6) {
        writeVersion6();
      } else {
        writeVersion7();
      }
    }
  }

  private void writeVersion6() throws IOException {
    put(headerInfo(), ftraceFormats(), eventFormats(), kernelSymbols(), u32(0), commandLines());
    put(u32(cpuCount()));
    put("options  \0".getBytes(StandardCharsets.US_ASCII));
    put(options.toByteArray());
    put(u16(OptionId.TRACECLOCK), u32(0));
    List<Long> offsetsOfInstances = new ArrayList<>();
    for (Instance instance : instances.subList(1, instances.size())) {
      byte[] name = nulTerminated(instance.name);
      put(u16(OptionId.BUFFER), u32(8 + name.length));
      offsetsOfInstances.add(out.position());
      put(u64(0), name);
    }
    put(u16(OptionId.DONE));
    writeVersion6Instance(instances.getFirst(), true);
    for (int i = 1; i < instances.size(); i++) {
      patch(offsetsOfInstances.get(i - 1), out.position());
      writeVersion6Instance(instances.get(i), false);
    }
  }

  private void writeVersion6Instance(Instance instance, boolean withClock) throws IOException {
    put("flyrecord\0".getBytes(StandardCharsets.US_ASCII));
    long table = out.position();
    put(new byte[16 * cpuCount()]);
    if (withClock) {
      byte[] clocks = nulTerminated("global [%s] counter".formatted(clock));
      put(u64(clocks.length), clocks);
    }
    for (CpuPages cpu : instance.cpus) {
      alignToPage();
      patch(table + 16L * cpu.cpu, out.position());
      patch(table + 16L * cpu.cpu + 8, cpu.count * pageSize);
      writePages(cpu);
    }
  }

  private void writeVersion7() throws IOException {
    String name =
        switch (compression) {
          case NONE -> "none";
          case ZLIB -> "zlib";
          case ZSTD -> "zstd";
        };
    put(nulTerminated(name), nulTerminated("1.0"));
    long offsetOfOptions = out.position();
    put(u64(0));
    ByteArrayOutputStream first = new ByteArrayOutputStream();
    addOption(first, OptionId.HEADER_INFO, u64(section(OptionId.HEADER_INFO, headerInfo())));
    addOption(first, OptionId.FTRACE_EVENTS, u64(section(OptionId.FTRACE_EVENTS, ftraceFormats())));
    addOption(first, OptionId.EVENT_FORMATS, u64(section(OptionId.EVENT_FORMATS, eventFormats())));
    addOption(first, OptionId.KALLSYMS, u64(section(OptionId.KALLSYMS, kernelSymbols())));
    addOption(first, OptionId.CMDLINES, u64(section(OptionId.CMDLINES, commandLines())));
    addOption(first, OptionId.TRACECLOCK, nulTerminated("global [%s] counter".formatted(clock)));
    first.writeBytes(options.toByteArray());
    addOption(first, OptionId.DONE, u64(0));
    patch(offsetOfOptions, out.position());
    put(u16(0), u16(0), u32(0), u64(first.size()), first.toByteArray());
    long offsetOfNext = out.position() - 8;

    ByteArrayOutputStream second = new ByteArrayOutputStream();
    for (Instance instance : instances) {
      addOption(second, OptionId.BUFFER, writeVersion7Instance(instance));
    }
    addOption(second, OptionId.DONE, u64(0));
    patch(offsetOfNext, out.position());
    put(u16(0), u16(0), u32(0), u64(second.size()), second.toByteArray());
  }

  /** Writes the data and returns the option that describes it. */
  private byte[] writeVersion7Instance(Instance instance) throws IOException {
    ByteArrayOutputStream option = new ByteArrayOutputStream();
    option.writeBytes(u64(out.position()));
    option.writeBytes(nulTerminated(instance.name));
    option.writeBytes(nulTerminated(clock));
    option.writeBytes(u32(pageSize));
    option.writeBytes(u32(instance.cpus.size()));
    put(u16(3), u16(compression == Compression.NONE ? 0 : 1), u32(0), u64(0));
    for (CpuPages cpu : instance.cpus) {
      alignToPage();
      long start = out.position();
      if (compression == Compression.NONE) {
        writePages(cpu);
      } else {
        writeChunks(cpu);
      }
      option.writeBytes(u32(cpu.cpu));
      option.writeBytes(u64(start));
      option.writeBytes(u64(out.position() - start));
    }
    return option.toByteArray();
  }

  private void writePages(CpuPages cpu) throws IOException {
    for (long i = 0; i < cpu.count; i++) {
      put(cpu.page.apply(i));
    }
  }

  private void writeChunks(CpuPages cpu) throws IOException {
    put(u32((int) ((cpu.count + CHUNK_PAGES - 1) / CHUNK_PAGES)));
    for (long i = 0; i < cpu.count; i += CHUNK_PAGES) {
      ByteArrayOutputStream chunk = new ByteArrayOutputStream();
      for (long page = i; page < Math.min(i + CHUNK_PAGES, cpu.count); page++) {
        chunk.writeBytes(cpu.page.apply(page));
      }
      byte[] compressed = compress(chunk.toByteArray());
      put(u32(compressed.length), u32(chunk.size()), compressed);
    }
  }

  private long section(int id, byte[] content) throws IOException {
    long offset = out.position();
    put(u16(id), u16(compression == Compression.NONE ? 0 : 1), u32(0));
    if (compression == Compression.NONE) {
      put(u64(content.length), content);
    } else {
      byte[] compressed = compress(content);
      put(u64(8L + compressed.length), u32(compressed.length), u32(content.length), compressed);
    }
    return offset;
  }

  private byte[] compress(byte[] content) {
    if (compression == Compression.ZSTD) {
      return Zstd.compress(content);
    }
    Deflater deflater = new Deflater();
    deflater.setInput(content);
    deflater.finish();
    byte[] compressed = new byte[content.length + 1024];
    int size = deflater.deflate(compressed);
    deflater.end();
    return Arrays.copyOf(compressed, size);
  }

  private byte[] headerInfo() {
    String page =
        """
        \tfield: u64 timestamp;\toffset:0;\tsize:8;\tsigned:0;
        \tfield: local_t commit;\toffset:8;\tsize:%d;\tsigned:1;
        \tfield: int overwrite;\toffset:8;\tsize:1;\tsigned:1;
        \tfield: char data;\toffset:%d;\tsize:%d;\tsigned:0;
        """
            .formatted(longSize, 8 + longSize, pageSize - 8 - longSize);
    byte[] text = page.getBytes(StandardCharsets.US_ASCII);
    byte[] event = HEADER_EVENT.getBytes(StandardCharsets.US_ASCII);
    return concat(
        nulTerminated("header_page"),
        u64(text.length),
        text,
        nulTerminated("header_event"),
        u64(event.length),
        event);
  }

  private byte[] ftraceFormats() {
    List<String> texts = formats.getOrDefault("ftrace", List.of());
    return concat(u32(texts.size()), formatFiles(texts));
  }

  private byte[] eventFormats() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.writeBytes(u32((int) formats.keySet().stream().filter(s -> !s.equals("ftrace")).count()));
    formats.forEach(
        (system, texts) -> {
          if (!system.equals("ftrace")) {
            bytes.writeBytes(concat(nulTerminated(system), u32(texts.size()), formatFiles(texts)));
          }
        });
    return bytes.toByteArray();
  }

  private byte[] formatFiles(List<String> texts) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (String text : texts) {
      byte[] file = text.getBytes(StandardCharsets.US_ASCII);
      bytes.writeBytes(u64(file.length));
      bytes.writeBytes(file);
    }
    return bytes.toByteArray();
  }

  private byte[] kernelSymbols() {
    byte[] text = symbols.getBytes(StandardCharsets.US_ASCII);
    return concat(u32(text.length), text);
  }

  private byte[] commandLines() {
    byte[] text = nulTerminated(cmdlines.toString());
    return concat(u64(text.length), text);
  }

  private int cpuCount() {
    return instances.stream()
        .flatMap(instance -> instance.cpus.stream())
        .mapToInt(cpu -> cpu.cpu + 1)
        .max()
        .orElse(0);
  }

  private void addOption(ByteArrayOutputStream to, int id, byte[] value) {
    to.writeBytes(concat(u16(id), u32(value.length), value));
  }

  private void alignToPage() throws IOException {
    long past = out.position() % pageSize;
    put(new byte[past == 0 ? 0 : (int) (pageSize - past)]);
  }

  private void patch(long position, long value) throws IOException {
    long here = out.position();
    out.position(position);
    put(u64(value));
    out.position(here);
  }

  private void put(byte[]... parts) throws IOException {
    for (byte[] part : parts) {
      ByteBuffer bytes = ByteBuffer.wrap(part);
      while (bytes.hasRemaining()) {
        out.write(bytes);
      }
    }
  }

  /** Two bytes in the order of the file. */
  public byte[] u16(int value) {
    return ByteBuffer.allocate(2).order(order).putShort((short) value).array();
  }

  /** Four bytes in the order of the file. */
  public byte[] u32(int value) {
    return ByteBuffer.allocate(4).order(order).putInt(value).array();
  }

  /** Eight bytes in the order of the file. */
  public byte[] u64(long value) {
    return ByteBuffer.allocate(8).order(order).putLong(value).array();
  }

  /** A text as C keeps it. */
  public static byte[] nulTerminated(String text) {
    return (text + "\0").getBytes(StandardCharsets.UTF_8);
  }

  /** One after the other. */
  public static byte[] concat(byte[]... parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.writeBytes(part);
    }
    return all.toByteArray();
  }
}
