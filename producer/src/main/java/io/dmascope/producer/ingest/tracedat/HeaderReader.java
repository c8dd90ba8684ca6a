package io.dmascope.producer.ingest.tracedat;

import io.dmascope.model.event.TraceIssue;
import io.dmascope.model.event.TraceIssue.Kind;
import io.dmascope.producer.ingest.tracedat.TraceDatFile.SystemFormat;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * The parts of the headers that both versions have, and what was read of them so far. The lengths
 * that a file may claim are limited here.
 */
final class HeaderReader {
  /** Bytes of {@code header_page} or {@code header_event}; about 200 in reality. */
  private static final int HEADER_TEXT_MAX = 1 << 16;

  /** Bytes of one format file; the longest known has 25 KB. */
  private static final int FORMAT_BYTES_MAX = 1 << 17;

  /** Systems, and events of one system; a kernel has some 120 and at most some 700. */
  private static final int SYSTEMS_MAX = 1 << 14;

  private static final int EVENTS_MAX = 1 << 16;
  private static final int NAME_CHARS_MAX = 256;

  /** Format files kept in all: those of the systems below, some 60. */
  private static final int FORMATS_KEPT_MAX = 512;

  /** Bytes of {@code saved_cmdlines}: 400,000 tasks. */
  private static final int CMDLINES_BYTES_MAX = 8 << 20;

  /** Bytes of an option's text; a table of 8192 CPUs has 160 KB. */
  static final int OPTION_BYTES_MAX = 1 << 20;

  /** Streams that are merged at once: every CPU of every instance is one. */
  private static final int CPUS_OF_ALL_INSTANCES_MAX = 1 << 16;

  private static final Set<String> SYSTEMS_OF_INTEREST =
      Set.of("ftrace", "dma", "iommu", "swiotlb", "dma_buf");

  final ByteOrder order;
  final int longSize;
  final List<TraceIssue> issues = new ArrayList<>();
  HeaderPage headerPage;
  final List<SystemFormat> formats = new ArrayList<>();
  SavedCmdlines cmdlines = SavedCmdlines.EMPTY;
  String uname = "";
  String clock = "";
  int cpuCount;
  private int cpusLeft = CPUS_OF_ALL_INSTANCES_MAX;
  private long offsetNs;
  private long tscMultiplier;
  private int tscShift;

  HeaderReader(ByteOrder order, int longSize) {
    this.order = order;
    this.longSize = longSize;
    this.headerPage = HeaderPage.ofLongSize(longSize);
  }

  TraceDatFile file(int version, List<BufferInstance> instances) {
    return new TraceDatFile(
        version,
        order,
        longSize,
        headerPage,
        List.copyOf(formats),
        cmdlines,
        uname,
        new TimeConversion(tscMultiplier, tscShift, offsetNs),
        List.copyOf(instances),
        List.copyOf(issues));
  }

  void readHeaderInfo(ByteCursor cursor) throws DamagedFileException {
    cursor.skip("header_page".length() + 1, "header_page");
    long pageSize = cursor.u64("the size of header_page");
    headerPage = HeaderPage.parse(cursor.text(pageSize, HEADER_TEXT_MAX, "header_page"), longSize);
    cursor.skip("header_event".length() + 1, "header_event");
    cursor.skip(cursor.u64("the size of header_event"), "header_event");
  }

  void readFtraceFormats(ByteCursor cursor) throws DamagedFileException {
    int count = cursor.count("the number of ftrace formats", EVENTS_MAX);
    for (int i = 0; i < count; i++) {
      readFormat("ftrace", cursor);
    }
  }

  void readEventFormats(ByteCursor cursor) throws DamagedFileException {
    int systems = cursor.count("the number of event systems", SYSTEMS_MAX);
    for (int i = 0; i < systems; i++) {
      String system = cursor.nulTerminated(NAME_CHARS_MAX, "the name of an event system");
      int events = cursor.count("the number of events of " + system, EVENTS_MAX);
      for (int event = 0; event < events; event++) {
        readFormat(system, cursor);
      }
    }
  }

  private void readFormat(String system, ByteCursor cursor) throws DamagedFileException {
    long size = cursor.u64("the size of an event format");
    if (SYSTEMS_OF_INTEREST.contains(system) && formats.size() < FORMATS_KEPT_MAX) {
      String text = cursor.text(size, FORMAT_BYTES_MAX, "an event format of " + system);
      formats.add(new SystemFormat(system, FormatText.parse(text)));
    } else {
      cursor.skip(size, "an event format of " + system);
    }
  }

  void readCmdlines(ByteCursor cursor) throws DamagedFileException {
    long size = cursor.u64("the size of the saved command lines");
    cmdlines =
        SavedCmdlines.parse(cursor.text(size, CMDLINES_BYTES_MAX, "the saved command lines"));
  }

  /** Takes the CPUs of one more instance into account, before its table is read. */
  void claimCpus(int count, long place) throws DamagedFileException {
    cpusLeft -= count;
    if (cpusLeft < 0) {
      throw new DamagedFileException(
          Kind.DAMAGED_RECORD,
          place,
          "more instances and CPUs than are believable [max=%d]"
              .formatted(CPUS_OF_ALL_INSTANCES_MAX));
    }
  }

  /** Options whose value does not depend on the version of the file. */
  void readOption(int id, ByteCursor value) throws DamagedFileException {
    switch (id) {
      case OptionId.DATE -> offsetNs += 1000 * number(text(value)); // microseconds
      case OptionId.OFFSET -> offsetNs += number(text(value));
      case OptionId.UNAME -> uname = text(value);
      case OptionId.CPUCOUNT -> cpuCount = value.count("the number of CPUs", TraceDatFile.CPUS_MAX);
      case OptionId.TSC2NSEC -> readTscConversion(value);
      default -> {
        // Statistics, hooks, guests, process maps: nothing that an event depends on.
      }
    }
  }

  private void readTscConversion(ByteCursor value) throws DamagedFileException {
    long multiplier = value.u32("the multiplier of the TSC");
    long shift = value.u32("the shift of the TSC");
    if (shift >= Long.SIZE) {
      throw new DamagedFileException(
          Kind.DAMAGED_RECORD,
          value.place(),
          "the shift of the TSC is not believable, stamps stay cycles [shift=%d]".formatted(shift));
    }
    tscMultiplier = multiplier;
    tscShift = (int) shift;
  }

  static String text(ByteCursor value) throws DamagedFileException {
    String text = value.text(value.remaining(), OPTION_BYTES_MAX, "an option");
    int nul = text.indexOf('\0');
    return (nul < 0 ? text : text.substring(0, nul)).strip();
  }

  /** Reads a signed number as strtoll(text, NULL, 0) does; 0 where there is none. */
  static long number(String text) {
    try {
      return Long.decode(text);
    } catch (NumberFormatException noNumber) {
      return 0; // as strtoll()
    }
  }

  /** Takes the chosen one out of {@code [local] global counter ...}, or a bare name as it is. */
  static String chosenClock(String text) {
    int from = text.indexOf('[');
    int to = text.indexOf(']');
    String chosen = from >= 0 && to > from ? text.substring(from + 1, to) : text;
    return chosen.length() <= NAME_CHARS_MAX ? chosen.strip() : "";
  }

  /**
   * Returns the size of a page: what the instance says, or the kernel's header_page, or the file.
   */
  int pageSize(long claimed, long place) {
    long size = Math.max(claimed, headerPage.pageSize());
    if (size < TraceDatFile.PAGE_BYTES_MIN || size > TraceDatFile.PAGE_BYTES_MAX) {
      issues.add(
          new TraceIssue(
              Kind.DAMAGED_RECORD,
              place,
              "the page size is not believable, 4096 is assumed [page_size=%d]".formatted(size),
              ""));
      return 4096;
    }
    return (int) size;
  }
}
