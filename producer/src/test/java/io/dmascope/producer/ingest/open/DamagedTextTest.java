package io.dmascope.producer.ingest.open;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.dmascope.model.event.DmaUnmap;
import io.dmascope.model.event.EventHeader;
import io.dmascope.model.event.EventsLost;
import io.dmascope.model.event.InputCounts;
import io.dmascope.model.event.TraceIssue;
import io.dmascope.producer.ingest.ReadOptions;
import io.dmascope.producer.ingest.UnusableInputException;
import io.dmascope.producer.ingest.text.LineBlocks;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of input that is not what it should be. */
class DamagedTextTest {
  private static final String CONTEXT = "            nvme-211     [003] .....    10.000001: ";
  private static final String UNMAP =
      CONTEXT + "dma_unmap_page: 0000:03:00.0 dir=TO_DEVICE dma_addr=1000 size=512 attrs=\n";

  private static void assertAccounted(Recording read) {
    InputCounts counts = read.counts();
    assertThat(counts.decoded() + counts.skipped() + counts.issues()).isEqualTo(counts.lines());
    assertThat(counts.issues()).isEqualTo(read.issues.size());
    for (int i = 0; i < read.all.size(); i++) {
      assertThat(read.all.get(i).header().sequence()).isEqualTo(i);
    }
  }

  private static EventsLost onlyLoss(Recording read) {
    return read.events().stream()
        .filter(EventsLost.class::isInstance)
        .map(EventsLost.class::cast)
        .findFirst()
        .orElseThrow();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "dma_unmap_page: 0000:03:00.0 dir=TO_DEVICE dma_addr=1000 size=512",
        "dma_unmap_page: 0000:03:00.0 dir=TO_DEVICE dma_addr=1000 attrs=",
        "dma_unmap_page: 0000:03:00.0 dir=SIDEWAYS dma_addr=1000 size=512 attrs=",
        "dma_unmap_page: 0000:03:00.0 dir=TO_DEVICE dma_addr=10z0 size=512 attrs=",
        "dma_unmap_page: 0000:03:00.0 dir=TO_DEVICE dma_addr=1000 size=512 size=4 attrs=",
        "dma_unmap_page: 0000:03:00.0 dir=TO_DEVICE dma_addr=1000 size=512 attrs=no-flag",
        "dma_unmap_page: 0000:03:00.0 dir=TO_DEVICE dma_addr=1000 size=512 attrs= trailing",
        "dma_unmap_page: 0000:03:00.0 dir=TO_DEVICE dma_addr=11112222333344445 size=512 attrs=",
        "dma_map_sg: 0000:03:00.0 dir=NONE nents=2/2 ents=1/1 dma_addrs={0x1} sizes={0x1}"
            + " phys_addrs={0x1} attrs=",
        "dma_map_sg: 0000:03:00.0 dir=NONE nents=1/1 ents=1/1 dma_addrs={0x1} sizes={0x1,0x2}"
            + " phys_addrs={0x1} attrs=",
        "dma_map_sg: 0000:03:00.0 dir=NONE nents=3/2 ents=1/1 dma_addrs={0x1} sizes={0x1}"
            + " phys_addrs={0x1,0x2,0x3} attrs=",
        "swiotlb_bounced: dev_name: 0000:03:00.0 dma_mask=ff dev_addr=1 size=1",
        "map: IOMMU: iova=0x1000 - 0x2000 size=4096",
        "dma_unmap_page:"
      })
  void aMalformedEventOfOurs_isAnIssueAndALostEventOfItsCpu(String event) throws IOException {
    Recording read = Recording.ofText(UNMAP + CONTEXT + event + "\n" + UNMAP);

    assertAccounted(read);
    assertThat(read.issues)
        .singleElement()
        .satisfies(
            issue -> {
              assertThat(issue.kind()).isEqualTo(TraceIssue.Kind.MALFORMED_EVENT);
              assertThat(issue.place()).isEqualTo(2);
              assertThat(issue.message()).startsWith(event.substring(0, event.indexOf(':')));
            });
    assertThat(read.counts()).isEqualTo(new InputCounts(3, 3, 2, 0, 1, 0));
    assertThat(read.events().get(1))
        .isEqualTo(
            new EventsLost(
                new EventHeader(2, 10_000_001_000L, 3, 211, "nvme", 2),
                1,
                EventsLost.Cause.UNREADABLE));
  }

  @Test
  void aMalformedEvent_saysWhatIsWrongWithIt() throws IOException {
    Recording read =
        Recording.ofText(
            CONTEXT + "dma_unmap_page: 0000:03:00.0 dir=TO_DEVICE dma_addr=zz size=1 attrs=\n");

    assertThat(read.issues.getFirst().message())
        .isEqualTo("dma_unmap_page: dma_addr= has no readable value");
  }

  @Test
  void eventsOfOtherSystems_areSkippedAndCounted() throws IOException {
    Recording read =
        Recording.ofText(
            UNMAP
                + CONTEXT
                + "sched_switch: prev_comm=a prev_pid=1 ==> next_comm=b\n"
                + CONTEXT
                + "map: a map of another system\n"
                + CONTEXT
                + "<stack trace>\n"
                + " => dma_unmap_page_attrs\n"
                + CONTEXT
                + "do_fork <-sys_fork\n");

    assertThat(read.counts()).isEqualTo(new InputCounts(6, 5, 1, 5, 0, 0));
  }

  @Test
  void lossesOfACpu_areEvents() throws IOException {
    Recording read =
        Recording.ofText(
            "CPU:1 [LOST 236 EVENTS]\n"
                + UNMAP
                + "CPU:2 [LOST EVENTS]\nCPU:3 [73 EVENTS DROPPED]\nCPU:4 [EVENTS DROPPED]\n");

    assertThat(read.events().stream().filter(EventsLost.class::isInstance))
        .extracting(event -> event.header().cpu(), event -> ((EventsLost) event).count())
        .containsExactly(
            tuple(1, 236L),
            tuple(2, EventsLost.COUNT_UNKNOWN),
            tuple(3, 73L),
            tuple(4, EventsLost.COUNT_UNKNOWN));
    assertThat(read.counts()).isEqualTo(new InputCounts(5, 1, 5, 0, 0, 236 + 1 + 73 + 1));
  }

  @Test
  void anOverwrittenRing_hasLostEventsOfAllCpusAtItsBeginning() throws IOException {
    Recording read =
        Recording.ofText(
            "# tracer: nop\n#\n# entries-in-buffer/entries-written: 1/5000000001   #P:4\n" + UNMAP);

    EventsLost lost = (EventsLost) read.events().getFirst();
    assertThat(lost.header().cpu()).isEqualTo(EventHeader.UNKNOWN);
    assertThat(lost.count()).isEqualTo(5_000_000_000L);
  }

  @Test
  void perfSaysWhatItLost() throws IOException {
    Recording read =
        Recording.ofText(
            "              dd     389 [001]   133.872125: dma:dma_sync_single_for_cpu:"
                + " 0000:00:04.0 dir=NONE dma_addr=1 size=1\n"
                + "              dd     389 [001]   133.872126: PERF_RECORD_LOST lost 12\n");

    assertThat(onlyLoss(read).count()).isEqualTo(12);
    assertThat(onlyLoss(read).header().cpu()).isEqualTo(1);
    assertThat(read.counts()).isEqualTo(new InputCounts(2, 1, 2, 0, 0, 12));
  }

  @Test
  void aLineTheKernelCouldNotPrint_isALostEvent() throws IOException {
    Recording read =
        Recording.ofText(
            UNMAP
                + CONTEXT
                + "dma_unmap_sg: 0000:03:00.0 dir=TO_DEVICE phys_addrs={0x1[LINE TOO BIG]\n"
                + CONTEXT
                + "[LINE TOO BIG]\n[LINE TOO BIG]\n");

    assertAccounted(read);
    assertThat(read.issues)
        .extracting(TraceIssue::kind)
        .containsOnly(TraceIssue.Kind.LINE_TOO_BIG)
        .hasSize(3);
    assertThat(read.events().stream().filter(EventsLost.class::isInstance)).hasSize(3);
  }

  @Test
  void aLineBeyondAllBounds_isCutAndTheRestRead() throws IOException {
    String list = ",0x1000".repeat(LineBlocks.LINE_BYTES_MAX / 5);
    Recording read =
        Recording.ofText(
            UNMAP
                + CONTEXT
                + "dma_unmap_sg: 0000:03:00.0 dir=TO_DEVICE phys_addrs={0x1000"
                + list
                + "} attrs=\n"
                + UNMAP);

    assertAccounted(read);
    assertThat(read.issues)
        .singleElement()
        .satisfies(
            issue -> {
              assertThat(issue.kind()).isEqualTo(TraceIssue.Kind.LINE_TOO_LONG);
              assertThat(issue.excerpt()).hasSize(TraceIssue.EXCERPT_CHARS_MAX);
            });
    assertThat(read.counts().decoded()).isEqualTo(2);
    assertThat(onlyLoss(read).header().cpu()).isEqualTo(3);
  }

  @Test
  void anEventThatTheInputCuts_isNotBelieved() throws IOException {
    Recording read = Recording.ofText(UNMAP + UNMAP.substring(0, UNMAP.length() - 12));

    assertAccounted(read);
    assertThat(read.issues)
        .singleElement()
        .extracting(TraceIssue::kind)
        .isEqualTo(TraceIssue.Kind.TRUNCATED_INPUT);
    assertThat(onlyLoss(read).cause()).isEqualTo(EventsLost.Cause.UNREADABLE);
  }

  @Test
  void ofATruncatedGzip_theBeginningIsRead() throws IOException {
    byte[] compressed = gzip((UNMAP + noise()).getBytes(StandardCharsets.US_ASCII));
    Recording read = Recording.of(Arrays.copyOf(compressed, compressed.length * 2 / 3));

    assertAccounted(read);
    assertThat(read.events().getFirst()).isInstanceOf(DmaUnmap.class);
    assertThat(read.issues.getLast().kind()).isEqualTo(TraceIssue.Kind.TRUNCATED_INPUT);
    assertThat(read.issues.getLast().message()).contains("gzip");
    assertThat(read.events().getLast()).isInstanceOf(EventsLost.class);
  }

  @Test
  void severalGzipMembers_areReadAsOne_evenThroughAPipe() throws IOException {
    ByteArrayOutputStream both = new ByteArrayOutputStream();
    both.write(gzip(UNMAP.getBytes(StandardCharsets.US_ASCII)));
    both.write(gzip(UNMAP.getBytes(StandardCharsets.US_ASCII)));
    InputStream pipe =
        new ByteArrayInputStream(both.toByteArray()) {
          @Override
          public synchronized int available() {
            return 0;
          }
        };
    Recording read = new Recording();
    try (Capture capture = Captures.open("-", pipe, ReadOptions.DEFAULT)) {
      capture.read(read);
    }

    assertThat(read.counts()).isEqualTo(new InputCounts(2, 2, 2, 0, 0, 0));
  }

  @Test
  void aTraceFromASerialConsole_hasCarriageReturns() throws IOException {
    Recording read =
        Recording.ofText((UNMAP + CONTEXT + "tracing_mark_write: done\n").replace("\n", "\r\n"));

    assertThat(read.issues).isEmpty();
    assertThat(read.counts().decoded()).isEqualTo(2);
    assertThat(read.events().getLast().toString()).contains("text=done]");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "   \n\n", "hello\nworld\n", "\u0000\u0001\u0000\n\u0002", "a:b:c\n"})
  void whatIsNoTrace_isRefusedInOneSentence(String input) {
    assertThatThrownBy(() -> Recording.ofText(input))
        .isInstanceOf(UnusableInputException.class)
        .hasMessageMatching("standard input is (empty|no trace .*tried trace.dat, .*)");
  }

  @Test
  void rubbish_isRefused() {
    byte[] rubbish = new byte[200_000];
    new Random(1).nextBytes(rubbish);

    assertThatThrownBy(() -> Recording.of(rubbish)).isInstanceOf(UnusableInputException.class);
  }

  @Test
  void whatCannotBeOpened_isNamed(@TempDir Path directory) throws IOException {
    Path missing = directory.resolve("missing");
    Path empty = Files.createFile(directory.resolve("empty"));

    assertRefused(directory, "is a directory, not a trace");
    assertRefused(missing, "does not exist");
    assertRefused(empty, "is empty");
  }

  private static void assertRefused(Path path, String because) {
    assertThatThrownBy(
            () ->
                Captures.open(path.toString(), InputStream.nullInputStream(), ReadOptions.DEFAULT))
        .isInstanceOf(UnusableInputException.class)
        .hasMessage(path + " " + because);
  }

  @Test
  void aFailingSource_failsAsItDid() {
    InputStream gone =
        new InputStream() {
          @Override
          public int read() throws IOException {
            throw new IOException("the disk is gone");
          }

          @Override
          public int read(byte[] into, int offset, int length) throws IOException {
            return read();
          }
        };
    InputStream failing =
        new SequenceInputStream(
            new ByteArrayInputStream(UNMAP.getBytes(StandardCharsets.US_ASCII)), gone);

    assertThatThrownBy(
            () -> {
              try (Capture capture = Captures.open("-", failing, ReadOptions.DEFAULT)) {
                capture.read(new Recording());
              }
            })
        .isInstanceOf(IOException.class)
        .isNotInstanceOf(UnusableInputException.class)
        .hasMessage("the disk is gone");
  }

  /** Lines that compress badly. */
  private static String noise() {
    Random random = new Random(7);
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 5000; i++) {
      text.append(CONTEXT)
          .append("dma_sync_single_for_cpu: 0000:03:00.0 dir=NONE dma_addr=")
          .append(Long.toHexString(random.nextLong()))
          .append(" size=1\n");
    }
    return text.toString();
  }

  private static byte[] gzip(byte[] content) throws IOException {
    ByteArrayOutputStream compressed = new ByteArrayOutputStream();
    try (OutputStream out = new GZIPOutputStream(compressed)) {
      out.write(content);
    }
    return compressed.toByteArray();
  }
}
