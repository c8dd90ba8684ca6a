package io.dmascope.producer.ingest.dmesg;

import static org.assertj.core.api.Assertions.assertThat;

import io.dmascope.model.event.IoPageFault;
import io.dmascope.model.event.TraceIssue;
import io.dmascope.producer.ingest.dmesg.RecordedEvents.Capture;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class DmesgTraceReaderTest {
  private static final String FAULT =
      "DMAR: [DMA Read NO_PASID] Request device [00:0c.0] fault addr 0xffe00000 [fault reason 0x06]";

  @Test
  void textInBoth_joinsTheClocks() throws IOException {
    RecordedEvents read =
        read(
            new Capture().marker(10_000, "case double_unmap").map(12_000).map(14_000),
            "[    9.000000] myscript: case double_unmap",
            "[   12.000000] " + FAULT);

    assertThat(read.kinds())
        .containsExactly("CaptureStart", "Marker", "DmaMap", "IoPageFault", "DmaMap", "CaptureEnd");
    assertThat(read.sequences()).containsExactly(0L, 1L, 2L, 3L, 4L, 5L);
    IoPageFault fault = read.faults().getFirst();
    assertThat(fault.header().timestampNs()).isEqualTo(13_000_000_000L);
    assertThat(fault.header().comm()).isEqualTo("dmesg");
    assertThat(fault.header().place()).isEqualTo(2);
    assertThat(fault.timeErrorNs()).isEqualTo(ClockJoin.ERROR_NS_MIN);
    assertThat(read.issues).isEmpty();
  }

  @Test
  void groupsAtBoot_joinTheClocks() throws IOException {
    RecordedEvents read =
        read(
            new Capture().group(3_000, 4, "0000:00:0c.0").map(5_000).map(6_000),
            "[    1.000000] pci 0000:00:0c.0: Adding to iommu group 4",
            "[    3.500000] " + FAULT);

    assertThat(read.faults())
        .extracting(fault -> fault.header().timestampNs())
        .containsExactly(5_500_000_000L);
  }

  @Test
  void offsetOfTheUser_isTaken() throws IOException {
    RecordedEvents read =
        read(
            OptionalLong.of(1_000_000_000),
            new Capture().map(5_000).map(7_000),
            "[    5.000000] " + FAULT);

    assertThat(read.faults())
        .extracting(fault -> fault.header().timestampNs())
        .containsExactly(6_000_000_000L);
  }

  @Test
  void noEvidence_placesFaultsAtTheEndAndSaysSo() throws IOException {
    RecordedEvents read = read(new Capture().map(5_000).map(7_000), "[    5.000000] " + FAULT);

    assertThat(read.kinds())
        .containsExactly("CaptureStart", "DmaMap", "DmaMap", "IoPageFault", "CaptureEnd");
    assertThat(read.faults().getFirst().timeErrorNs()).isEqualTo(IoPageFault.TIME_UNKNOWN);
    assertThat(read.faults().getFirst().header().timestampNs()).isEqualTo(7_000_000_000L);
    assertThat(read.issues)
        .containsExactly(
            new TraceIssue(
                TraceIssue.Kind.COMPANION,
                0,
                "1 IOMMU faults of the kernel log cannot be placed in time",
                ""));
  }

  @Test
  void clockThatCountsNoTime_cannotBeJoined() throws IOException {
    RecordedEvents read =
        read(
            OptionalLong.of(0),
            new Capture("x86-tsc").marker(1, "case double_unmap").map(2),
            "[    0.001000] case double_unmap",
            "[    0.001500] " + FAULT);

    assertThat(read.faults().getFirst().timeErrorNs()).isEqualTo(IoPageFault.TIME_UNKNOWN);
  }

  @Test
  void textThatCameTwice_isNoEvidence() throws IOException {
    RecordedEvents read =
        read(
            new Capture().marker(10_000, "phase nvme").marker(20_000, "phase nvme").map(30_000),
            "[    9.000000] phase nvme",
            "[   12.000000] " + FAULT);

    assertThat(read.faults().getFirst().timeErrorNs()).isEqualTo(IoPageFault.TIME_UNKNOWN);
  }

  @Test
  void evidenceThatContradictsItself_isNone() throws IOException {
    RecordedEvents read =
        read(
            new Capture().marker(10_000, "phase one").marker(20_000, "phase two").map(30_000),
            "[    9.000000] phase one",
            "[   12.000000] phase two",
            "[   12.500000] " + FAULT);

    assertThat(read.faults().getFirst().timeErrorNs()).isEqualTo(IoPageFault.TIME_UNKNOWN);
  }

  @Test
  void faultsOutsideOfTheRecording_areLeftOut() throws IOException {
    RecordedEvents read =
        read(
            new Capture().marker(10_000, "sync mark").map(20_000),
            "[    5.000000] " + FAULT,
            "[   10.000000] sync mark",
            "[   20.500000] " + FAULT,
            "[   40.000000] " + FAULT);

    assertThat(read.faults())
        .extracting(fault -> fault.header().timestampNs())
        .containsExactly(20_500_000_000L);
  }

  @Test
  void deviceWithFaultEvents_keepsThose() throws IOException {
    RecordedEvents read =
        read(
            new Capture().marker(10_000, "sync mark").fault(11_000, "0000:00:0c.0").map(12_000),
            "[   10.000000] sync mark",
            "[   11.000100] " + FAULT);

    assertThat(read.faults()).hasSize(1);
    assertThat(read.faults().getFirst().timeErrorNs()).isZero();
  }

  @Test
  void suppressedLines_areReported() throws IOException {
    RecordedEvents read =
        read(
            new Capture().marker(10_000, "sync mark").map(12_000),
            "[   10.000000] sync mark",
            "[   11.000000] dmar_fault: 386 callbacks suppressed",
            "[   11.000100] " + FAULT);

    assertThat(read.issues)
        .extracting(TraceIssue::message)
        .containsExactly("386 IOMMU fault lines were suppressed by the kernel");
  }

  @Test
  void logWithoutFaults_changesNothing() throws IOException {
    RecordedEvents read =
        read(new Capture().map(5_000), "[    5.000000] nvme nvme0: 4/0/0 default/read/poll queues");

    assertThat(read.kinds()).containsExactly("CaptureStart", "DmaMap", "CaptureEnd");
    assertThat(read.issues).isEmpty();
  }

  private static RecordedEvents read(Capture capture, String... log) throws IOException {
    return read(OptionalLong.empty(), capture, log);
  }

  private static RecordedEvents read(OptionalLong offsetNs, Capture capture, String... log)
      throws IOException {
    byte[] bytes = String.join("\n", log).getBytes(StandardCharsets.UTF_8);
    RecordedEvents sink = new RecordedEvents();
    new DmesgTraceReader(capture.reader(), DmesgLog.read(new ByteArrayInputStream(bytes)), offsetNs)
        .read(sink);
    return sink;
  }
}
