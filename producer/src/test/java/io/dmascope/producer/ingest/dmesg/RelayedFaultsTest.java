package io.dmascope.producer.ingest.dmesg;

import static org.assertj.core.api.Assertions.assertThat;

import io.dmascope.model.event.IoPageFault;
import io.dmascope.producer.ingest.dmesg.RecordedEvents.Capture;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class RelayedFaultsTest {
  private static final String FAULT =
      "DMAR: [DMA Read NO_PASID] Request device [00:0c.0] fault addr 0xffe00000 [fault reason 0x06]";

  @Test
  void relayedFault_replacesItsMarker() throws IOException {
    RecordedEvents read =
        read(
            new Capture()
                .marker(1_000, "dmascope sync 7-1")
                .marker(1_004, "dmascope kmsg 5,1,900000,-;dmascope sync 7-1")
                .map(1_100)
                .marker(1_203, "dmascope kmsg 3,2,1100000,-;" + FAULT)
                .map(1_300));

    assertThat(read.kinds())
        .containsExactly(
            "CaptureStart", "Marker", "Marker", "DmaMap", "IoPageFault", "DmaMap", "CaptureEnd");
    assertThat(read.sequences()).containsExactly(0L, 1L, 2L, 3L, 4L, 5L, 6L);
    assertThat(read.faults().getFirst().iova()).isEqualTo(0xffe00000L);
    // Logged 200 ms after the sync's line, so at 1200 or up to 3 ms later; and the floor.
    assertThat(read.faults().getFirst().timeErrorNs())
        .isEqualTo(3_000_000 + ClockJoin.ERROR_NS_MIN);
  }

  @Test
  void faultBeforeAnySync_hasNoKnownTime() throws IOException {
    RecordedEvents read = read(new Capture().marker(5, "dmascope kmsg 3,2,1100000,-;" + FAULT));

    assertThat(read.faults().getFirst().timeErrorNs()).isEqualTo(IoPageFault.TIME_UNKNOWN);
  }

  @Test
  void faultOfSeveralLines_replacesItsLastMarkerOnce() throws IOException {
    String smmu = "dmascope kmsg 3,2,1100000,-;arm-smmu-v3 a: ";
    RecordedEvents read =
        read(
            new Capture()
                .marker(1, smmu + "event 0x10 received:")
                .marker(2, smmu + "\\x090x0000010000000010")
                .marker(3, smmu + "\\x090x0000020800000000")
                .marker(4, smmu + "\\x090x00000000fff00000")
                .marker(5, smmu + "\\x090x0000000000000000")
                .map(6));

    assertThat(read.kinds())
        .containsExactly(
            "CaptureStart",
            "Marker",
            "Marker",
            "Marker",
            "Marker",
            "IoPageFault",
            "DmaMap",
            "CaptureEnd");
    assertThat(read.sequences()).containsExactly(0L, 1L, 2L, 3L, 4L, 5L, 6L, 7L);
  }

  @Test
  void deviceWithFaultEvents_keepsThose() throws IOException {
    RecordedEvents read =
        read(
            new Capture()
                .fault(1, "0000:00:0c.0")
                .marker(2, "dmascope kmsg 3,2,1100000,-;" + FAULT));

    assertThat(read.faults()).hasSize(1);
  }

  @Test
  void otherMarkers_passUntouched() throws IOException {
    RecordedEvents read =
        read(
            new Capture()
                .marker(1, "dmascope kmsg 6,1,5,-;nvme nvme0: 4/0/0 default/read/poll queues")
                .marker(2, "dmascope kmsg")
                .marker(3, "hello"));

    assertThat(read.kinds())
        .containsExactly("CaptureStart", "Marker", "Marker", "Marker", "CaptureEnd");
  }

  private static RecordedEvents read(Capture capture) throws IOException {
    RecordedEvents sink = new RecordedEvents();
    capture.reader().read(new RelayedFaults(sink));
    return sink;
  }
}
