package io.dmascope.analytics.report;

import static io.dmascope.analytics.report.Samples.doubleUnmap;
import static io.dmascope.analytics.report.Samples.event;
import static io.dmascope.analytics.report.Samples.wrongSize;
import static org.assertj.core.api.Assertions.assertThat;

import io.dmascope.model.event.CaptureFacts;
import io.dmascope.model.finding.EventRef;
import io.dmascope.model.finding.Violation;
import java.io.IOException;
import org.junit.jupiter.api.Test;

final class TextReportTest {
  @Test
  void report_readsLikeACompilers() throws IOException {
    String text =
        print(
            Samples.report(
                Grouping.CAUSE,
                doubleUnmap("0000:00:0c.0", 812, 0xffffe000L),
                wrongSize("0000:00:0c.0", 820, "3 events were lost on CPU 1 before"),
                doubleUnmap("0000:00:0c.0", 830, 0xffffd000L),
                doubleUnmap("0000:00:0c.0", 831, 0xffffd000L)));

    assertThat(text)
        .isEqualTo(
            """
            error[DMA-MAP-001]: unmaps what is not mapped [dma_addr=0xffffe000] [size=8192]
              --> trace.txt:812  device 0000:00:0c.0, at 15.334619 s, bash-73 on CPU 3
              note: unmapped here
              --> trace.txt:811  at 15.334618 s, bash-73 on CPU 3
              3 times: again in line 830, 831

            warning[DMA-MAP-003]: unmaps with another size than it was mapped with [map size=8192] [unmap size=4096]
              --> trace.txt:820  device 0000:00:0c.0, at 15.334627 s, bash-73 on CPU 3
              suspect: 3 events were lost on CPU 1 before
              note: mapped here
              --> trace.txt:818  at 15.334625 s, bash-73 on CPU 3

            trace.txt  (ftrace-text, Linux 6.12.107, clock local)
              findings     1 error, 1 warning (1 certain, 1 suspect; 4 occurrences in all)
              checked      DMA-MAP-001 DMA-MAP-003
              not checked  DMA-SYN-001 DMA-SYN-002: the capture has no sync event
                           IOV-001: the capture has no iommu:map
              input        1,203 lines = 541 decoded + 660 skipped + 2 unreadable; 0 events lost
            """);
  }

  @Test
  void manyRepetitions_nameTheFirstFewAndTheLast() throws IOException {
    var flood = new Violation[100];
    for (int i = 0; i < flood.length; i++) {
      flood[i] = doubleUnmap("nvme", 100 + i, 0x1000);
    }

    assertThat(print(Samples.report(Grouping.CAUSE, flood)))
        .contains("  100 times: again in line 101, 102, 103 ... and last 199 at 15.334006 s\n");
  }

  @Test
  void controlCharactersOfATrace_doNotReachTheTerminal() throws IOException {
    EventRef hostile = new EventRef(0, 0, 0, 1, "a\u001b[2J", 7);

    String text = print(Samples.report(Grouping.CAUSE, doubleUnmap("d\u0007", 7, 0, hostile)));

    assertThat(text).doesNotContain("\u001b", "\u0007").contains("a\\x1b[2J-1", "device d\\x07");
  }

  @Test
  void nothingFound_saysNone() throws IOException {
    assertThat(print(Samples.report(Grouping.CAUSE))).contains("  findings     none\n");
  }

  @Test
  void suspicionsThatLossesExplain_areToldTogether() throws IOException {
    assertThat(
            print(
                Samples.report(
                    Grouping.CAUSE, Samples.lost(9), Samples.suspicions("0000:00:04.0"))))
        .contains(
            """
              findings     none
              not judged   5 suspicions about 0000:00:04.0: events were lost that explain each (DMA-MAP-001 2,
                           DMA-MAP-003 1, DMA-MAP-004 1, DMA-MAP-008 1); --all shows them
            """);
  }

  @Test
  void unknownTaskAndCpu_areLeftOut() throws IOException {
    EventRef nobody = new EventRef(0, 1_000, -1, -1, "", 7);

    assertThat(print(Samples.report(Grouping.CAUSE, doubleUnmap("d", 7, 0, nobody))))
        .contains("  --> trace.txt:7  device d, at 0.000001 s\n");
  }

  @Test
  void bareNumberClocks_printNoSeconds() {
    CaptureFacts counter = new CaptureFacts("c", "f", "ftrace-text", "", "counter", false);

    assertThat(Numbers.stamp(counter, 12225)).isEqualTo("12225");
  }

  @Test
  void nanoseconds_arePrintedWhereTheStampHasThem() {
    assertThat(Numbers.stamp(Samples.FACTS, 1_000_000_001L)).isEqualTo("1.000000001 s");
  }

  @Test
  void colours_surroundWordsOnlyAndOnlyWhereAsked() throws IOException {
    StringBuilder out = new StringBuilder();
    try (TextReport text = new TextReport(out, Paint.COLOUR)) {
      text.capture(Samples.report(Grouping.CAUSE, doubleUnmap("d", 7, 0, event(7))));
    }

    assertThat(out.toString()).startsWith("\u001b[1;31merror[DMA-MAP-001]\u001b[0m");
  }

  private static String print(CaptureReport report) throws IOException {
    StringBuilder out = new StringBuilder();
    try (TextReport text = new TextReport(out, Paint.PLAIN)) {
      text.capture(report);
    }
    return out.toString();
  }
}
