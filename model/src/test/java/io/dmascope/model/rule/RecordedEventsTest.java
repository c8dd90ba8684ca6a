package io.dmascope.model.rule;

import static org.assertj.core.api.Assertions.assertThat;

import io.dmascope.model.event.EventHeader;
import io.dmascope.model.event.IommuAttach;
import io.dmascope.model.mapping.EventCounts;
import io.dmascope.model.mapping.EventCounts.Family;
import io.dmascope.model.rig.RecordingSetup;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class RecordedEventsTest {
  /** Of a 6.12 kernel, which has no dma_buf events. */
  private static final List<String> OFFERED =
      List.of(
          "dma:dma_alloc",
          "dma:dma_free",
          "dma:dma_map_sg",
          "dma:dma_sync_single_for_cpu",
          "dma:dma_unmap_sg",
          "iommu:io_page_fault",
          "iommu:map",
          "iommu:unmap",
          "swiotlb:swiotlb_bounced");

  @Test
  void withoutManifest_tellsWhatToRecord() {
    assertThat(new RecordedEvents(RecordingSetup.UNKNOWN, new EventCounts()).because(Family.BOUNCE))
        .isEqualTo("the capture has none of: swiotlb_bounced [record=swiotlb:*]");
  }

  @Test
  void eventThatWasOn_isNotToBeRecordedAgain() {
    assertThat(recorded("raw", OFFERED).because(Family.BOUNCE))
        .isEqualTo("recorded, and the capture has none of: swiotlb_bounced");
    assertThat(recorded("raw", OFFERED).because(Family.SYNC))
        .startsWith("recorded, and the capture has none of: dma_sync_*")
        .doesNotContain("record=");
  }

  @Test
  void eventThatWasOff_isToBeRecorded() {
    assertThat(recorded("raw", List.of("dma:dma_map_sg")).because(Family.BOUNCE))
        .endsWith("[record=swiotlb:*]");
  }

  @Test
  void halfOfAFamily_isNotRecorded() {
    assertThat(recorded("raw", List.of("dma:dma_map_sg")).because(Family.SG))
        .endsWith("[record=dma:*]");
  }

  @Test
  void eitherOfTwoFamilies_isEnoughToHaveBeenRecorded() {
    assertThat(recorded("raw", OFFERED).because(Family.SG_TABLE, Family.SG, Family.ALLOC))
        .isEqualTo(
            "recorded, and the capture has none of: dma_map_sg and dma_unmap_sg; dma_alloc and"
                + " dma_free");
  }

  @Test
  void eventThatTheKernelLacks_isNotAskedFor() {
    assertThat(recorded("raw", OFFERED).because(Family.DMA_BUF))
        .isEqualTo("this kernel does not have: dma_buf attach and detach, kernel 7.x on");
    assertThat(recorded("raw", OFFERED).because(Family.DMA_BUF, Family.ATTACHMENT_CALL))
        .endsWith("[record=capture/dmascope-probe]");
  }

  @Test
  void probes_areRecordedByNoTracepoint() {
    assertThat(recorded("raw", OFFERED).because(Family.BIO))
        .isEqualTo("the capture has none of: bios [record=capture/dmascope-probe]");
  }

  @Test
  void faults_areRecordedWhereTheKernelLogIsKept() {
    assertThat(recorded("raw", OFFERED).because(Family.FAULT))
        .startsWith("recorded, and the capture has none of: IOMMU faults");
    assertThat(recorded("", OFFERED).because(Family.FAULT)).endsWith("dmesg]");
  }

  private static RecordedEvents recorded(String recorder, List<String> enabled) {
    return new RecordedEvents(
        new RecordingSetup(
            recorder,
            "mono",
            OptionalLong.empty(),
            Optional.of(OFFERED),
            Optional.of(enabled),
            List.of(),
            List.of()),
        new EventCounts());
  }

  /** With identity domains the events are on, and there is nothing for them to tell. */
  @Test
  void deviceThatJoinedItsDomain_showsThatIommuEventsWereOn() {
    EventCounts counts = new EventCounts();
    counts.count(new IommuAttach(new EventHeader(1, 1, 0, 1, "kworker", 1), "0000:00:01.0"));

    assertThat(new RecordedEvents(RecordingSetup.UNKNOWN, counts).because(Family.IOMMU))
        .startsWith("recorded, and the capture has none of: iommu:map and iommu:unmap: identity")
        .doesNotContain("record=");
  }
}
