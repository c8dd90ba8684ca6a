package io.dmascope.model.dma;

import static org.assertj.core.api.Assertions.assertThat;

import io.dmascope.model.finding.Violation;
import io.dmascope.model.scenario.Scenario;
import org.junit.jupiter.api.Test;

/** What scenarios cannot say: whom a finding is about. */
class DmaModelTest {
  @Test
  void holeBehindAnSgUnmap_isOfTheDeviceThatUnmapped() {
    var violations =
        Scenario.run(
                """
                -    IOMMU_MAP   0xe000 0x1000 8192
                sata MAP_SG      TO_DEVICE phys={0x1000} dma={0xe000} len={8192}
                sata UNMAP_SG    TO_DEVICE phys={0x1000}
                nic0 MAP         0x5000 4096 TO_DEVICE pid=7
                -    IOMMU_UNMAP 0xe000 8192 unmapped=4096
                """)
            .violations();
    assertThat(violations).extracting(Violation::ruleId).containsExactly("IOV-004");
    assertThat(violations).extracting(Violation::device).containsExactly("sata");
  }
}
