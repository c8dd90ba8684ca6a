package io.dmascope.producer.ingest.open;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dmascope.model.event.DmaFree;
import io.dmascope.model.event.DmaMap;
import io.dmascope.model.event.DmaUnmap;
import io.dmascope.model.event.IoPageFault;
import io.dmascope.model.event.TraceEvent;
import io.dmascope.producer.ingest.ReadOptions;
import io.dmascope.producer.ingest.UnusableInputException;
import io.dmascope.producer.ingest.dmesg.DmesgLog;
import io.dmascope.producer.ingest.text.TextEncoding;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Captures that were pasted, mailed or re-encoded, and files that are no captures at all. */
class UnusualFormsTest {
  private static final Path UNUSUAL =
      Path.of(System.getProperty("basedir", "."), "..", "golden", "unusual");

  private static final String MAP =
      "            nvme-211     [003] .....    10.000001: dma_map_page: 0000:03:00.0 dir=TO_DEVICE"
          + " dma_addr=1000 size=4096 phys_addr=1000 attrs=";

  private static Recording golden(String name) throws IOException {
    return Recording.of(Files.readAllBytes(UNUSUAL.resolve(name)));
  }

  private static void judge(byte[] input) throws IOException {
    try (Capture capture =
        Captures.open("-", new ByteArrayInputStream(input), ReadOptions.DEFAULT)) {
      Judged.read(capture, new Recording());
    }
  }

  private static void judge(String text) throws IOException {
    judge(text.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void linesThatAMailProgramWrapped_areJoined() throws IOException {
    Recording read = golden("mail-wrapped.txt");

    assertThat(read.issues).isEmpty();
    assertThat(read.counts().decoded()).isEqualTo(5);
    assertThat(read.counts().lines()).isEqualTo(10);
    assertThat(read.events().get(2)).isInstanceOf(DmaFree.class);
    assertThat(read.events().get(2).header().place()).isEqualTo(5);
    assertThat(read.events().getLast())
        .isInstanceOfSatisfying(
            IoPageFault.class, fault -> assertThat(fault.device()).isEqualTo("0000:c1:00.0"));
  }

  @Test
  void linesThatATerminalCutAnywhere_areJoined() throws IOException {
    String cut = (MAP + "\n").repeat(4).replaceAll("(?m)^(.{132})", "$1\n");

    Recording read = Recording.ofText(cut);

    assertThat(read.issues).isEmpty();
    assertThat(read.events())
        .hasSize(4)
        .allSatisfy(event -> assertThat(((DmaMap) event).sizeBytes()).isEqualTo(4096));
  }

  @Test
  void aLineThatIsNotWrapped_staysAlone() throws IOException {
    Recording read = Recording.ofText(MAP + "\nwhatever somebody wrote below\n" + MAP + "\n");

    assertThat(read.events()).hasSize(2);
    assertThat(read.issues).singleElement().satisfies(i -> assertThat(i.place()).isEqualTo(2));
  }

  @Test
  void eventsInsideAFunctionGraph_areRead() throws IOException {
    Recording plain = golden("function-graph.txt");
    Recording full = golden("function-graph-abstime-proc.txt");

    for (Recording read : List.of(plain, full)) {
      assertThat(read.issues).isEmpty();
      assertThat(read.events().getFirst()).isInstanceOf(DmaMap.class);
      assertThat(read.events().getLast()).isInstanceOf(DmaUnmap.class);
    }
    TraceEvent unmap = full.events().getLast();
    assertThat(unmap.header().timestampNs()).isEqualTo(41_300_210_000L);
    assertThat(unmap.header().comm()).isEqualTo("fio");
    assertThat(unmap.header().pid()).isEqualTo(881);
    assertThat(unmap.header().cpu()).isEqualTo(2);
    assertThat(unmap.header().place()).isEqualTo(8);
  }

  @ParameterizedTest
  @ValueSource(strings = {"UTF-16", "UTF-16LE", "UTF-16BE", "UTF-8"})
  void textOfAnyUnicodeEncoding_readsTheSame(String charset) throws IOException {
    String text = "# tracer: nop\r\n#\r\n" + MAP + "\r\n";
    byte[] bytes = text.getBytes(Charset.forName(charset));
    assertThat(Recording.of(bytes).events())
        .hasSize(1)
        .first()
        .isInstanceOfSatisfying(DmaMap.class, map -> assertThat(map.sizeBytes()).isEqualTo(4096));
  }

  @Test
  void utf16_isReadInTraceAndKernelLog() throws IOException {
    assertThat(golden("utf16.txt").counts().decoded()).isEqualTo(10);

    DmesgLog log =
        DmesgLog.read(TextEncoding.decoded(Files.newInputStream(UNUSUAL.resolve("utf16.dmesg"))));
    assertThat(log.faults()).hasSize(1);
  }

  @Test
  void framesOfUserSpace_ofAnyWidth_areNoTrouble() throws IOException {
    Recording read = golden("perf-g-user-frames.txt");

    assertThat(read.issues).isEmpty();
    assertThat(read.counts().decoded()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\t               0 [unknown] ([unknown])",
        "\tc0de1234 dma_map_page_attrs+0x1 ([kernel.kallsyms])",
        "                  4ae3f7 [unknown] (/usr/bin/busybox)",
        "\t    7f0012345678 main+0x10 (inlined)"
      })
  void aFrameOfACallChain_isPassedOver(String frame) throws IOException {
    Recording read = Recording.ofText("dd 1 [000] 1.5: dma:dma_unmap_page: x\n" + frame + "\n");

    assertThat(read.issues).hasSize(1); // the event, which is made up
    assertThat(read.counts().skipped()).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource({
    "50455246494c453200000000, a perf.data",
    "425a6839314159265359, bzip2",
    "504b030414000000, zip",
    "d4c3b2a102000400, pcap",
    "0a0d0d0a1c000000, pcap",
    "c11ffcc100000000, CTF",
    "7f454c4602010100, ELF",
    "04224d186440a7, lz4",
    "0a0410fb01000a0410fb01000a0410fb0100, Perfetto"
  })
  void aFormatThatIsNotOurs_isNamed(String head, String name) {
    assertThatThrownBy(() -> judge(HexFormat.of().parseHex(head)))
        .isInstanceOf(UnusableInputException.class)
        .hasMessageContaining(name)
        .hasMessageContaining("which dmascope does not read: ");
  }

  @Test
  void aKernelLogInPlaceOfATrace_isNamed() {
    assertThatThrownBy(() -> judge("[    0.000000] Linux version 6.12.107\n"))
        .hasMessageContaining("a kernel log")
        .hasMessageContaining("--dmesg");
  }

  @ParameterizedTest
  @CsvSource({
    "'# tracer: nop\n#\n340 2 125246093082 type: 381\n', 'raw, hex or bin'",
    "'# tracer: nop\n#\n', 'holds no event: record dma:*'",
    "'# tracer: function\n            fio-881     [002] .....    41.300102: fn <-caller\n',"
        + " 'its tracer is function'",
    "'            fio-881     [002] .....    41.300102: sched_switch: prev\n', 'none of them'",
    "'            fio-881     [002] .....    41.300102: dma_map_page: x\n', 'line 1, for one: '"
  })
  void aCaptureOfWhichNothingIsRead_isRefusedWithTheCause(String text, String cause) {
    assertThatThrownBy(() -> judge(text))
        .isInstanceOf(UnusableInputException.class)
        .hasMessageStartingWith("standard input ")
        .hasMessageContaining(cause);
  }

  @Test
  void aCaptureOfWhichAlmostNothingIsRead_isRefused() {
    String broken = MAP.replace("size=4096", "size=x");

    assertThatThrownBy(() -> judge(MAP + "\n" + (broken + "\n").repeat(11)))
        .hasMessageContaining("11 of 12 lines");
  }

  @Test
  void aCaptureWithSomeUnreadableLines_isRead() throws IOException {
    String broken = MAP.replace("size=4096", "size=x");

    judge(MAP + "\n" + (broken + "\n").repeat(3));
  }
}
