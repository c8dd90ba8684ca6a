package io.dmascope.model.predict;

import static org.assertj.core.api.Assertions.assertThat;

import io.dmascope.model.backend.IommuSgLayout;
import io.dmascope.model.backend.Mapping;
import io.dmascope.model.event.CaptureFacts;
import io.dmascope.model.event.CaptureStart;
import io.dmascope.model.event.DmaAddress;
import io.dmascope.model.event.DmaDirection;
import io.dmascope.model.event.DmaMapSg;
import io.dmascope.model.event.EventsLost;
import io.dmascope.model.event.U64List;
import io.dmascope.model.rig.RecordingSetup;
import io.dmascope.model.rig.RigManifest;
import io.dmascope.model.rig.SwiotlbPool;
import io.dmascope.model.scatterlist.PhysList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PredictionCheckTest {
  private static final long BASE = 0xfff00000L;

  @ParameterizedTest
  @CsvSource({"0x10000, 0xffffffff", "0x4000, 0xffffffff", "0x10000, 0xffff", "0x20000, 0x3ffff"})
  void listsOfAnyDevice_arePredictedWithTheLimitsTheyShow(long maxSegment, long boundary) {
    Recorded recorded = new Recorded();
    for (int pages = 1; pages < 60; pages++) {
      PhysList list = new PhysList();
      for (int i = 0; i < pages; i++) {
        list.add(0x100000 + 0x5000L * i, i % 7 == 3 ? 0x2000 : 0x1000);
      }
      recorded.list(list, (Mapping) IommuSgLayout.of(list, 0x1000, boundary, maxSegment).at(BASE));
    }

    PredictionReport report = recorded.check();

    assertThat(report.differences()).isEmpty();
    assertThat(report.exact()).isEqualTo(59);
    DeviceFacts facts = report.parameters().devices().get(Recorded.DEVICE);
    assertThat(facts.maxSegmentSize().origin()).isEqualTo(DeviceFacts.Origin.INFERRED);
  }

  @Test
  void theLimitOfASegment_isInferredFromTheMergeThatWasNotMade() {
    PhysList list = new PhysList();
    for (int i = 0; i < 17; i++) {
      list.add(0x100000 + 0x2000L * i, 0x1000);
    }
    Recorded recorded =
        new Recorded()
            .list(list, (Mapping) IommuSgLayout.of(list, 0x1000, 0xffffffffL, 0x10000).at(BASE));

    assertThat(recorded.survey().devices().get(Recorded.DEVICE).parameters().maxSegmentSize())
        .isEqualTo(0x10000);
  }

  /** Recordings of one device have no page-table events, because those name no device. */
  @Test
  void theLimitOfASegment_isInferredWithoutPageTableEvents() {
    PhysList list = new PhysList();
    for (int i = 0; i < 32; i++) {
      list.add(0x100000 + 0x2000L * i, 0x1000);
    }
    Recorded recorded =
        new Recorded()
            .listOnly(
                list, (Mapping) IommuSgLayout.of(list, 0x1000, 0xffffffffL, 0x20000).at(BASE));

    assertThat(recorded.check().differences()).isEmpty();
    assertThat(recorded.survey().devices().get(Recorded.DEVICE).parameters().maxSegmentSize())
        .isEqualTo(0x20000);
  }

  @Test
  void theLimitOfASegment_isNoSmallerThanASegmentOfATruncatedList() {
    PhysList small = new PhysList().add(0x100000, 0x1000).add(0x200000, 0x1000);
    PhysList large = new PhysList();
    for (int i = 0; i < 178; i++) {
      large.add(0x1000000 + 0x5000L * i, i % 3 == 0 ? 0x2000 : 0x1000);
    }
    Recorded recorded = new Recorded();
    recorded.list(small, (Mapping) IommuSgLayout.of(small, 0x1000, -1L, 0xffffffffL).at(BASE));
    Mapping merged = (Mapping) IommuSgLayout.of(large, 0x1000, -1L, 0xffffffffL).at(BASE);
    merged.pageTableRuns().forEach(r -> recorded.iommuMap(r.iova(), r.physAddr(), r.sizeBytes()));
    recorded.add(Recorded.truncated(Recorded.mapSg(recorded.header(), large, merged), 128));

    assertThat(merged.ents()).isEqualTo(1);
    assertThat(recorded.check().differences()).isEmpty();
    assertThat(recorded.survey().devices().get(Recorded.DEVICE).parameters().maxSegmentSize())
        .isGreaterThanOrEqualTo(merged.lengths().at(0));
  }

  @Test
  void aListThatWasMergedAgainstTheRules_differs() {
    PhysList shortTail = new PhysList().add(0x10000, 0x200).add(0x30000, 0x1000);
    Mapping mapped = (Mapping) IommuSgLayout.of(shortTail, 0x1000, -1L, 0x10000).at(BASE);
    DmaMapSg merged =
        new DmaMapSg(
            new Recorded().header(),
            Recorded.DEVICE,
            DmaDirection.TO_DEVICE,
            2,
            2,
            U64List.of(0x10000, 0x30000),
            U64List.of(BASE, BASE + 0x200),
            U64List.of(0x200, 0x1000),
            0);

    PredictionReport report =
        new Recorded()
            .iommuMap(BASE, 0x10000, 0x1000)
            .iommuMap(BASE + 0x1000, 0x30000, 0x1000)
            .add(merged)
            .check();

    assertThat(mapped.ents()).isEqualTo(2);
    assertThat(report.exact()).isZero();
  }

  @Test
  void aSingleMap_isPredictedWithItsPageTableRun() {
    PredictionReport report =
        new Recorded()
            .iommuMap(BASE, 0x12000, 0x2000)
            .map(BASE + 0x234, 0x12234, 0x1000)
            .iommuMap(BASE + 0x3000, 0x20000, 0x1000)
            .map(BASE + 0x3010, 0x20020, 0x100)
            .check();

    assertThat(report.exact()).isEqualTo(1);
    assertThat(report.differences())
        .extracting(PredictionReport.Difference::what)
        .containsExactly("dma_addr[0]: model 0xfff03020, recorded 0xfff03010");
  }

  @Test
  void aBlockThatIsNotAlignedToItsSize_differs() {
    PredictionReport report =
        new Recorded()
            .iommuMap(BASE + 0x1000, 0x12000, 0x2000)
            .map(BASE + 0x1000, 0x12000, 0x2000)
            .check();

    assertThat(report.differences().getFirst().what()).startsWith("IOVA alignment");
  }

  @Test
  void anEmptyMap_takesABlockAndNoPage() {
    assertThat(
            new Recorded()
                .iommuMap(BASE + 0x1000, 0x12000, 0x1000)
                .iommuMap(BASE, 0x10000, 0)
                .map(BASE, 0x10000, 0)
                .check()
                .exact())
        .isEqualTo(1);
  }

  @Test
  void aBounceBuffer_isPredictedToItsAddress() {
    PredictionReport report =
        new Recorded()
            .bounce(0x5000000, 0x1000)
            .map(0x40000000 + 0, 0x5000000, 0x1000)
            .bounce(0x6000010, 0x100)
            .map(0x40000000 + 0x1000, 0x6000010, 0x100)
            .check();

    assertThat(report.exact()).isEqualTo(2);
    assertThat(report.bounceAddresses()).isEqualTo(new PredictionReport.Addresses(2, 2));
  }

  @Test
  void directMaps_stayWhereTheyAre() {
    assertThat(new Recorded().map(0x12345, 0x12345, 100).check().exact()).isEqualTo(1);
  }

  @Test
  void aFailedCall_isNotPredictedWithoutItsMask() {
    PredictionReport report = new Recorded().map(DmaAddress.ERROR, 0x12345, 100).check();

    assertThat(report.unpredicted()).containsEntry(Reason.FAILED_CALL, 1L);
  }

  @Test
  void afterLostEvents_aMapWithoutItsRunsIsNotPredicted() {
    Recorded recorded = new Recorded().iommuMap(BASE, 0x10000, 0x1000);

    PredictionReport report =
        recorded
            .add(new EventsLost(recorded.header(), 1, EventsLost.Cause.OVERRUN))
            .map(BASE, 0x10000, 0x1000)
            .check();

    assertThat(report.unpredicted()).containsEntry(Reason.RUNS_DO_NOT_FIT, 1L);
  }

  @Test
  void aManifestThatTheCaptureBringsAlong_isUsed() {
    RigManifest rig =
        new RigManifest(
            "",
            "",
            "",
            OptionalInt.empty(),
            Optional.empty(),
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            Optional.of(
                new SwiotlbPool(
                    OptionalLong.of(0x40000000L), OptionalLong.empty(), OptionalLong.of(32768))),
            RecordingSetup.UNKNOWN);
    Recorded recorded = new Recorded();
    recorded.add(
        new CaptureStart(
            recorded.header(),
            new CaptureFacts("c", "trace.txt", "ftrace", "", "", false).withRig(rig)));

    CaptureParameters parameters =
        recorded.bounce(0x5000000, 0x1000).map(0x41000000, 0x5000000, 0x1000).survey();

    assertThat(parameters.pool().orElseThrow().origin()).isEqualTo(DeviceFacts.Origin.GIVEN);
  }
}
