package io.dmascope.model.predict;

import static org.assertj.core.api.Assertions.assertThat;

import io.dmascope.model.backend.DeviceParameters;
import io.dmascope.model.predict.DeviceFacts.Origin;
import io.dmascope.model.rig.RigManifest;
import org.junit.jupiter.api.Test;

/** What a capture tells of a machine, and what it does not. */
final class ArchitectureFactsTest {
  @Test
  void aGranuleThatNothingShows_isTheDefaultAndNotInferred() {
    CaptureParameters parameters = new Recorded().iommuMap(0xf0000000L, 0x40000, 0x10000).survey();

    assertThat(parameters.granule()).isEqualTo(4096);
    assertThat(parameters.granuleOrigin()).isEqualTo(Origin.DEFAULT);
  }

  /** 512 bytes that take 64 KiB of addresses can only be one page of that size. */
  @Test
  void aSmallMapInALargeRun_showsTheGranule() {
    Recorded recorded =
        new Recorded().iommuMap(0xf0000000L, 0x40000, 0x10000).map(0xf0004200L, 0x44200, 512);

    assertThat(recorded.survey().granule()).isEqualTo(0x10000);
    assertThat(recorded.survey().granuleOrigin()).isEqualTo(Origin.INFERRED);
    assertThat(recorded.check().exact()).isEqualTo(1);
  }

  @Test
  void memoryAtAConstantDistance_isMappedDirectly() {
    Recorded recorded = new Recorded();
    for (int i = 0; i < 6; i++) {
      recorded.map(0xc0100000L + 0x3000L * i, 0x100000 + 0x3000L * i, 0x800);
    }

    PredictionReport report = recorded.check();

    assertThat(report.rows()).singleElement().extracting("backend").isEqualTo(BackendKind.DIRECT);
    assertThat(report.exact()).isEqualTo(6);
  }

  @Test
  void addressesAtDifferentDistances_areAnIommus() {
    Recorded recorded = new Recorded();
    for (int i = 0; i < 6; i++) {
      recorded.map(0xfffff000L - 0x1000L * i, 0x100000 + 0x3000L * i, 0x800);
    }

    assertThat(recorded.check().rows())
        .singleElement()
        .extracting("backend")
        .isEqualTo(BackendKind.IOMMU);
  }

  @Test
  void theFirstSlotsOfTwoCpus_tellHowLargeThePoolIs() {
    PoolSurvey survey = new PoolSurvey();
    survey.bounced(0, 0x7f354000L, 512);
    survey.bounced(1, 0x7f3d4000L, 512);

    CaptureParameters.Pool pool = survey.pool(RigManifest.UNKNOWN, 2).orElseThrow();

    assertThat(pool.startAddr()).isEqualTo(0x7f354000L);
    assertThat(pool.slots()).isEqualTo(512);
    assertThat(pool.slotsOrigin()).isEqualTo(Origin.INFERRED);
    assertThat(new SlotCheck(pool, DeviceParameters.pci("x")).isInPool(0x7f454000L)).isFalse();
  }
}
