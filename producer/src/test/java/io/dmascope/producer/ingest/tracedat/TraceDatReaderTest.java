package io.dmascope.producer.ingest.tracedat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.dmascope.model.event.AllocApi;
import io.dmascope.model.event.DmaAlloc;
import io.dmascope.model.event.DmaDirection;
import io.dmascope.model.event.DmaMap;
import io.dmascope.model.event.DmaMapSg;
import io.dmascope.model.event.EventHeader;
import io.dmascope.model.event.EventsLost;
import io.dmascope.model.event.IommuMap;
import io.dmascope.model.event.MapApi;
import io.dmascope.model.event.Marker;
import io.dmascope.model.event.TraceEvent;
import io.dmascope.model.event.TraceIssue;
import io.dmascope.model.event.U64List;
import io.dmascope.producer.ingest.UnusableInputException;
import io.dmascope.producer.ingest.order.Resequencer;
import io.dmascope.producer.write.tracedat.RecordWriter;
import io.dmascope.producer.write.tracedat.TraceDatContainer;
import io.dmascope.producer.write.tracedat.TraceDatContainer.CpuPages;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class TraceDatReaderTest {
  private static final String NVME = "0000:03:00.0";
  private static final int ID_MAP = 370;
  private static final int ID_SG = 371;
  private static final int ID_ALLOC = 372;
  private static final int ID_IOMMU = 1265;
  private static final int ID_PRINT = 5;
  private static final int ID_OTHER = 900;

  @TempDir private Path directory;

  private TraceDatContainer writer = version7(Compression.NONE);

  private static TraceDatContainer version7(Compression compression) {
    return new TraceDatContainer(7, ByteOrder.LITTLE_ENDIAN, 8, 4096, compression);
  }

  static Stream<Arguments> everyForm() {
    List<Arguments> forms = new ArrayList<>();
    for (ByteOrder order : List.of(ByteOrder.LITTLE_ENDIAN, ByteOrder.BIG_ENDIAN)) {
      for (int longSize : new int[] {4, 8}) {
        for (int pageSize : new int[] {4096, 65536}) {
          forms.add(Arguments.of(6, order, longSize, pageSize, Compression.NONE));
          for (Compression compression : Compression.values()) {
            forms.add(Arguments.of(7, order, longSize, pageSize, compression));
          }
        }
      }
    }
    return forms.stream();
  }

  @ParameterizedTest
  @MethodSource("everyForm")
  void read_givesTheSameEventsInEveryForm(
      int version, ByteOrder order, int longSize, int pageSize, Compression compression)
      throws IOException {
    writer = new TraceDatContainer(version, order, longSize, pageSize, compression);
    describe();
    long negative = longSize == 8 ? 0xff2316341e2c7000L : 0xfe2c7000L;
    byte[] map = map(7, 0xfffff200L, 512);
    byte[] sg =
        record(ID_SG, 7)
            .text("device", NVME)
            .number("full_nents", 3)
            .number("full_ents", 1)
            .list("phys_addrs", 0x10000, 0x30000, 0x50000)
            .list("dma_addrs", 0xf0000000L)
            .list("lengths", 0xfffff000L)
            .number("dir", 2)
            .number("attrs", 0x20)
            .bytes();
    byte[] alloc =
        record(ID_ALLOC, 0)
            .text("device", NVME)
            .number("virt_addr", negative)
            .number("dma_addr", 0x1000)
            .number("size", 64)
            .number("flags", 0xcc0)
            .bytes();
    writer.instance(
        "",
        CpuPages.of(
            0,
            writer.page(1_000_000).record(10, map).record(20, sg).bytes(),
            writer.page(2_000_000).record(0, alloc).bytes()),
        CpuPages.of(
            1, writer.page(1_000_015).record(0, marker("here\n")).record(0, other()).bytes()));

    RecordingSink sink = read();

    assertThat(sink.issues).isEmpty();
    assertThat(withoutPlaces(sink.events()))
        .containsExactly(
            new DmaMap(
                new EventHeader(1, 1_000_010, 0, 7, "dd", 0),
                NVME,
                MapApi.PAGE,
                DmaDirection.TO_DEVICE,
                0xfffff200L,
                512,
                0x12200,
                0),
            new Marker(new EventHeader(2, 1_000_015, 1, 9, "<...>", 0), "here"),
            new DmaMapSg(
                new EventHeader(3, 1_000_030, 0, 7, "dd", 0),
                NVME,
                DmaDirection.FROM_DEVICE,
                3,
                1,
                U64List.of(0x10000, 0x30000, 0x50000),
                U64List.of(0xf0000000L),
                U64List.of(0xfffff000L),
                0x20),
            new DmaAlloc(
                new EventHeader(4, 2_000_000, 0, 0, "<idle>", 0),
                NVME,
                AllocApi.COHERENT,
                DmaDirection.BIDIRECTIONAL,
                0x1000,
                64,
                negative,
                false,
                "0xcc0",
                0));
    assertThat(sink.counts().lines()).isEqualTo(5);
    assertThat(sink.counts().skipped()).isEqualTo(1);
    assertThat(sink.start().facts().clock()).isEqualTo("local");
    assertThat(sink.start().facts().kernelRelease()).isEqualTo("6.12.107");
  }

  @Test
  void read_addsUpDeltasOfTimeExtendsAbsoluteStampsAndDiscardedRecords() throws IOException {
    describe();
    long fiveMinutes = 300_000_000_000L;
    writer.instance(
        "",
        CpuPages.of(
            0,
            writer
                .page(100)
                .record(fiveMinutes, iommu())
                .record(5, iommu())
                .discarded(7, 24)
                .record(1, iommu())
                .discarded(1, 8)
                .record(2, iommu())
                .stamp(fiveMinutes * 2)
                .record(4, iommu())
                .paddingToEnd()
                .bytes()));
    assertThat(read().events().stream().map(event -> event.header().timestampNs()))
        .containsExactly(
            100 + fiveMinutes,
            105 + fiveMinutes,
            113 + fiveMinutes,
            115 + fiveMinutes,
            2 * fiveMinutes + 4);
  }

  @Test
  void read_keepsTheUpperBitsOfAbsoluteStamps() throws IOException {
    describe();
    long high = 0x0800_0000_0000_0000L;
    writer.instance(
        "", CpuPages.of(0, writer.page(high + 50).stamp(60).record(0, iommu()).bytes()));
    assertThat(read().events().getFirst().header().timestampNs()).isEqualTo(high + 60);
  }

  @Test
  void read_readsPayloadsTooLongForASmallRecord() throws IOException {
    describe();
    long[] list = new long[256];
    Arrays.setAll(list, i -> 0x1000L * i);
    byte[] sg =
        record(ID_SG, 7)
            .text("device", NVME)
            .number("full_nents", 256)
            .list("phys_addrs", list)
            .bytes();
    writer.instance("", CpuPages.of(0, writer.page(0).record(0, sg).record(1, iommu()).bytes()));
    List<TraceEvent> events = read().events();
    assertThat(((DmaMapSg) events.getFirst()).physAddrs()).isEqualTo(U64List.of(list));
    assertThat(events.get(1)).isInstanceOf(IommuMap.class);
  }

  @Test
  void read_takesTheLowerCpuFirstAmongEqualStamps() throws IOException {
    describe();
    writer.instance(
        "",
        CpuPages.of(0, writer.page(500).record(0, iommu()).record(0, iommu()).bytes()),
        CpuPages.of(1, writer.page(499).record(1, iommu()).bytes()),
        CpuPages.of(2, writer.page(100).record(0, iommu()).record(400, iommu()).bytes()));
    assertThat(read().events().stream().map(event -> event.header().cpu()))
        .containsExactly(2, 0, 0, 1, 2);
  }

  @Test
  void read_saysWhatTheKernelLostBeforeTheEventThatFollows() throws IOException {
    describe();
    writer.instance(
        "",
        CpuPages.of(
            0,
            writer.page(100).record(0, iommu()).bytes(),
            writer.page(300).record(0, iommu()).missed(236).bytes(),
            writer.page(400).record(0, iommu()).missed(0).bytes()),
        CpuPages.of(1, writer.page(200).record(0, iommu()).bytes()));
    RecordingSink sink = read();
    assertThat(sink.lines().stream().map(line -> line.replaceAll(" .*IOMMU.*", " map")))
        .hasSize(6)
        .element(2)
        .isEqualTo("CPU:0 [LOST 236 EVENTS]");
    assertThat(sink.losses())
        .extracting(EventsLost::count, lost -> lost.header().timestampNs())
        .containsExactly(tuple(236L, 300L), tuple(EventsLost.COUNT_UNKNOWN, 400L));
    assertThat(sink.counts().lost()).isEqualTo(237);
  }

  @Test
  void read_readsRelativeLocations() throws IOException {
    String format =
        new KernelFormats(8)
            .text(
                "dma_unmap_sg",
                ID_SG,
                "__rel_loc char[] device",
                "__rel_loc u64[] addrs",
                "enum dma_data_direction dir",
                "unsigned long attrs");
    writer.format("dma", format);
    byte[] unmap =
        writer
            .record(FormatText.parse(format), 3)
            .text("device", NVME)
            .list("addrs", 0x1000, 0x3000)
            .bytes();
    writer.instance("", CpuPages.of(0, writer.page(0).record(0, unmap).bytes()));
    assertThat(read().lines())
        .singleElement()
        .asString()
        .endsWith("dma_unmap_sg: 0000:03:00.0 dir=BIDIRECTIONAL phys_addrs={0x1000,0x3000} attrs=");
  }

  @Test
  void read_takesNoDirectionThatTheKernelDoesNotPrint() throws IOException {
    // v6.12: dma_alloc declares dir, never fills it, and prints phys_addr.
    KernelFormats formats = new KernelFormats(8);
    String[] fields = {
      "__data_loc char[] device",
      "u64 phys_addr",
      "u64 dma_addr",
      "size_t size",
      "gfp_t flags",
      "enum dma_data_direction dir",
      "unsigned long attrs"
    };
    String printed = "REC->dma_addr, REC->size, REC->phys_addr, REC->flags, REC->attrs";
    writer.format("dma", formats.textPrinting(printed, "dma_alloc", ID_ALLOC, fields));
    byte[] alloc =
        writer
            .record(FormatText.parse(formats.text("dma_alloc", ID_ALLOC, fields)), 3)
            .text("device", NVME)
            .number("phys_addr", 0x7000)
            .number("dir", 2)
            .bytes();
    writer.instance("", CpuPages.of(0, writer.page(0).record(0, alloc).bytes()));
    DmaAlloc event = (DmaAlloc) read().events().getFirst();
    assertThat(event.direction()).isEqualTo(DmaDirection.UNKNOWN);
    assertThat(event.cpuAddrIsPhys()).isTrue();
    assertThat(event.cpuAddr()).isEqualTo(0x7000);
  }

  @Test
  void read_countsTheEntriesOfASgLayoutWithoutCounts() throws IOException {
    String[] fields = {
      "__data_loc char[] device", "__data_loc u64[] phys_addrs", "__data_loc u64[] dma_addrs",
      "__data_loc unsigned int[] lengths", "enum dma_data_direction dir", "unsigned long attrs"
    };
    String format = new KernelFormats(8).text("dma_map_sg", ID_SG, fields);
    writer.format("dma", format);
    byte[] sg =
        writer
            .record(FormatText.parse(format), 3)
            .text("device", NVME)
            .list("phys_addrs", 1, 2, 3)
            .list("dma_addrs", 8)
            .list("lengths", 4096)
            .bytes();
    writer.instance("", CpuPages.of(0, writer.page(0).record(0, sg).bytes()));
    DmaMapSg event = (DmaMapSg) read().events().getFirst();
    assertThat(event.fullNents()).isEqualTo(3);
    assertThat(event.fullEnts()).isEqualTo(1);
    assertThat(event.truncated()).isFalse();
  }

  @Test
  void read_convertsCyclesAndAddsOffsets() throws IOException {
    describe();
    writer
        .clock("tsc2nsec")
        .option(
            OptionId.TSC2NSEC,
            TraceDatContainer.concat(writer.u32(1 << 20), writer.u32(21), writer.u64(12345)))
        .option(OptionId.OFFSET, "-40")
        .option(OptionId.DATE, "0x2");
    writer.instance("", CpuPages.of(0, writer.page(1L << 50).record(80, iommu()).bytes()));
    RecordingSink sink = read();
    assertThat(sink.events().getFirst().header().timestampNs())
        .isEqualTo((1L << 49) + 40 - 40 + 2000);
    assertThat(sink.start().facts().clock()).isEqualTo("tsc2nsec");
  }

  @ParameterizedTest
  @ValueSource(ints = {6, 7})
  void read_mergesInstancesOfDifferentEvents(int version) throws IOException {
    writer = new TraceDatContainer(version, ByteOrder.LITTLE_ENDIAN, 8, 4096, Compression.NONE);
    describe();
    writer
        .instance("", CpuPages.of(0, writer.page(100).record(0, marker("a")).bytes()))
        .instance("dma", CpuPages.of(0, writer.page(50).record(0, map(7, 1, 2)).bytes()));
    assertThat(read().events())
        .extracting(Object::getClass)
        .containsExactly(DmaMap.class, Marker.class);
  }

  @Test
  void read_takesWhatTwoInstancesRecordedFromOne() throws IOException {
    describe();
    writer
        .instance(
            "", CpuPages.of(0, writer.page(100).record(0, iommu()).record(9, other()).bytes()))
        .instance(
            "dma",
            CpuPages.of(0, writer.page(50).record(0, iommu()).record(51, iommu()).bytes()),
            CpuPages.of(1, writer.page(60).record(0, map(7, 1, 2)).bytes()));
    RecordingSink sink = read();
    assertThat(sink.events())
        .extracting(event -> event.header().timestampNs())
        .containsExactly(50L, 60L, 101L);
    assertCountsAddUp(sink);
  }

  @Test
  void read_goesOnAfterADamagedPage() throws IOException {
    describe();
    writer.instance(
        "",
        CpuPages.of(
            0,
            writer.page(100).record(0, iommu()).committed(100_000),
            writer.page(200).record(0, iommu()).bytes()));
    RecordingSink sink = read();
    assertThat(sink.issues).isNotEmpty();
    assertThat(sink.issues.getFirst().message())
        .startsWith("a page claims more data than it has room for [cpu=0]");
    assertThat(sink.events())
        .anyMatch(event -> event instanceof IommuMap && event.header().timestampNs() == 200);
    assertThat(sink.losses()).extracting(EventsLost::cause).contains(EventsLost.Cause.UNREADABLE);
    assertCountsAddUp(sink);
  }

  @Test
  void read_refusesARecordThatGoesPastItsPage() throws IOException {
    describe();
    writer.instance(
        "",
        CpuPages.of(
            0,
            writer.page(100).record(0, iommu()).word(20, 0).bytes(),
            writer.page(200).record(0, iommu()).bytes()));
    RecordingSink sink = read();
    assertThat(sink.issues)
        .extracting(TraceIssue::message)
        .containsExactly("a record goes past the end of its page [cpu=0] [left=4]");
    assertThat(sink.events()).hasSize(3);
    assertCountsAddUp(sink);
  }

  @Test
  void read_refusesAListThatGoesPastItsRecord() throws IOException {
    describe();
    byte[] sg =
        record(ID_SG, 7).text("device", NVME).number("phys_addrs", (4000 << 16) | 48).bytes();
    writer.instance("", CpuPages.of(0, writer.page(0).record(0, sg).bytes()));
    RecordingSink sink = read();
    assertThat(sink.issues)
        .singleElement()
        .satisfies(
            issue -> {
              assertThat(issue.kind()).isEqualTo(TraceIssue.Kind.MALFORMED_EVENT);
              assertThat(issue.message()).startsWith("phys_addrs is longer than its record");
            });
    assertThat(sink.losses()).hasSize(1);
    assertCountsAddUp(sink);
  }

  @Test
  void read_saysWhichFieldAFormatLacks() throws IOException {
    KernelFormats formats = new KernelFormats(8);
    writer.format("iommu", formats.text("map", ID_IOMMU, "u64 iova", "size_t size"));
    writer.instance("", CpuPages.of(0, writer.page(0).record(0, iommu()).bytes()));
    assertThat(read().issues)
        .extracting(TraceIssue::message)
        .containsExactly("the format of map has no field paddr");
  }

  @Test
  void read_readsWhatIsThereOfATruncatedFile() throws IOException {
    writer = new TraceDatContainer(6, ByteOrder.LITTLE_ENDIAN, 8, 4096, Compression.NONE);
    describe();
    writer.instance(
        "",
        CpuPages.of(
            0,
            writer.page(100).record(0, iommu()).bytes(),
            writer.page(200).record(0, iommu()).bytes()));
    Path file = directory.resolve("trace.dat");
    writer.write(file);
    byte[] whole = Files.readAllBytes(file);
    Files.write(file, Arrays.copyOf(whole, whole.length - 4096));
    RecordingSink sink = RecordingSink.read(file);
    assertThat(sink.events().getFirst()).isInstanceOf(IommuMap.class);
    assertThat(sink.issues)
        .extracting(TraceIssue::kind)
        .containsExactly(TraceIssue.Kind.TRUNCATED_INPUT);
    assertThat(sink.losses()).hasSize(1);
    assertCountsAddUp(sink);
  }

  @Test
  void read_goesOnAfterADamagedChunk() throws IOException {
    writer = version7(Compression.ZSTD);
    describe();
    byte[][] pages = new byte[20][];
    Arrays.setAll(pages, i -> writer.page(100L * i).record(0, iommu()).bytes());
    writer.instance("", CpuPages.of(0, pages));
    Path file = directory.resolve("trace.dat");
    writer.write(file);
    byte[] bytes = Files.readAllBytes(file);
    int chunks = (int) RecordingSink.read(file).events().getFirst().header().place() - 16;
    Arrays.fill(bytes, chunks + 12 + 4, chunks + 12 + 12, (byte) 0xff);
    Files.write(file, bytes);
    RecordingSink sink = RecordingSink.read(file);
    assertThat(sink.issues)
        .singleElement()
        .extracting(TraceIssue::message)
        .asString()
        .startsWith("a chunk could not be decompressed");
    assertThat(sink.events()).hasSize(1 + 10);
    assertThat(sink.losses()).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "\u0017",
        "\u0017\u0008Dtracing",
        "\u0017\u0008Dtracing7\0\0\u0008",
        "# tracer: nop"
      })
  void read_refusesWhatIsNoTraceDat(String content) throws IOException {
    Path file = directory.resolve("x");
    Files.writeString(file, content);
    assertThatThrownBy(() -> RecordingSink.read(file))
        .isInstanceOf(UnusableInputException.class)
        .hasMessageStartingWith("x ");
  }

  @Test
  void read_refusesAnotherVersion() throws IOException {
    Path file = directory.resolve("x");
    Files.writeString(file, "\u0017\u0008Dtracing5\0\0\u0008    ");
    assertThatThrownBy(() -> RecordingSink.read(file))
        .hasMessage("x is a trace.dat of another version than 6 or 7 [version=5]");
  }

  private RecordingSink read() throws IOException {
    Path file = directory.resolve("trace.dat");
    writer.write(file);
    return RecordingSink.read(file);
  }

  private static void assertCountsAddUp(RecordingSink sink) {
    assertThat(sink.counts().decoded() + sink.counts().skipped() + sink.counts().issues())
        .isEqualTo(sink.counts().lines());
    assertThat(sink.counts().issues()).isEqualTo(sink.issues.size());
  }

  /** Writes what every file here has: the formats, a task, the kernel. */
  private void describe() {
    writer
        .format("dma", formatText(ID_MAP))
        .format("dma", formatText(ID_SG))
        .format("dma", formatText(ID_ALLOC))
        .format("iommu", formatText(ID_IOMMU))
        .format("ftrace", formatText(ID_PRINT))
        .cmdline(7, "dd")
        .option(OptionId.UNAME, "Linux rig 6.12.107 x86_64");
  }

  private String formatText(int id) {
    KernelFormats formats = new KernelFormats(writer.longSize());
    return switch (id) {
      case ID_MAP -> formats.text("dma_map_page", id, KernelFormats.DMA_MAP_PAGE);
      case ID_SG -> formats.text("dma_map_sg", id, KernelFormats.DMA_MAP_SG);
      case ID_ALLOC -> formats.text("dma_alloc", id, KernelFormats.DMA_ALLOC);
      case ID_IOMMU -> formats.text("map", id, KernelFormats.IOMMU_MAP);
      default -> formats.text("print", id, KernelFormats.PRINT);
    };
  }

  private RecordWriter record(int id, int pid) {
    return writer.record(FormatText.parse(formatText(id)), pid);
  }

  private byte[] map(int pid, long dmaAddr, long size) {
    return record(ID_MAP, pid)
        .text("device", NVME)
        .number("phys_addr", 0x12200)
        .number("dma_addr", dmaAddr)
        .number("size", size)
        .number("dir", 1)
        .bytes();
  }

  private byte[] iommu() {
    return record(ID_IOMMU, 7).number("iova", 0x1000).number("size", 4096).bytes();
  }

  private byte[] marker(String text) {
    return record(ID_PRINT, 9).text("buf", text).bytes();
  }

  private byte[] other() {
    return record(ID_IOMMU, 7).number("common_type", ID_OTHER).bytes();
  }

  private static List<TraceEvent> withoutPlaces(List<TraceEvent> events) {
    return events.stream().map(TraceDatReaderTest::withoutPlace).toList();
  }

  private static TraceEvent withoutPlace(TraceEvent event) {
    EventHeader h = event.header();
    return Resequencer.under(
        event, new EventHeader(h.sequence(), h.timestampNs(), h.cpu(), h.pid(), h.comm(), 0));
  }
}
