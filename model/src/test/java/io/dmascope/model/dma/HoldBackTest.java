package io.dmascope.model.dma;

import static io.dmascope.model.scenario.Scenario.assertScenario;
import static org.assertj.core.api.Assertions.assertThat;

import io.dmascope.model.finding.DoubtKind;
import io.dmascope.model.finding.PremiseKind;
import io.dmascope.model.finding.Violation;
import io.dmascope.model.scenario.Scenario;
import java.util.List;
import org.junit.jupiter.api.Test;

final class HoldBackTest {
  @Test
  void gapThatMayHaveBeenOpenThen_makesTheFindingSuspect() {
    assertScenario(
        """
        -   START complete
        nic MAP   0x9000 4096 FROM_DEVICE cpu=1 t=1
        nic MAP   0x1000 4096 FROM_DEVICE cpu=0 t=10
        nic UNMAP 0x1000 4096 FROM_DEVICE cpu=0 t=20
        nic UNMAP 0x1000 4096 FROM_DEVICE cpu=0 t=30 -> DMA-MAP-001 SUSPECT
        -   LOST 3 cpu=1 t=40
        """);
  }

  @Test
  void gapThatBeganAfterTheFinding_changesNothing() {
    assertScenario(
        """
        -   START complete
        nic MAP   0x9000 4096 FROM_DEVICE cpu=1 t=1
        nic MAP   0xa000 4096 FROM_DEVICE cpu=2 t=2
        nic MAP   0x1000 4096 FROM_DEVICE cpu=0 t=10
        nic UNMAP 0x1000 4096 FROM_DEVICE cpu=0 t=20
        nic UNMAP 0x1000 4096 FROM_DEVICE cpu=0 t=30 -> DMA-MAP-001 CERTAIN
        nic UNMAP 0x9000 4096 FROM_DEVICE cpu=1 t=35
        -   LOST 3 cpu=1 t=40
        nic UNMAP 0xa000 4096 FROM_DEVICE cpu=2 t=50
        """);
  }

  @Test
  void whatItsOwnEventProves_noGapExplains() {
    assertScenario(
        """
        -   START complete
        nic MAP   0x9000 4096 FROM_DEVICE cpu=1 t=1
        nic UNMAP ERROR 4096 FROM_DEVICE cpu=0 t=30 -> DMA-MAP-002 CERTAIN
        -   LOST 3 cpu=1 t=40
        """);
  }

  @Test
  void firstGapThatMayHaveBeenOpen_isTheOneThatIsTold() {
    List<Violation> found =
        Scenario.run(
                """
                -   START complete
                nic MAP   0x9000 4096 FROM_DEVICE cpu=1 t=1
                nic MAP   0x9000 4096 TO_DEVICE   cpu=2 t=2
                nic MAP   0x1000 4096 FROM_DEVICE cpu=0 t=10
                nic UNMAP 0x1000 4096 FROM_DEVICE cpu=0 t=20
                nic UNMAP 0x1000 4096 FROM_DEVICE cpu=0 t=30
                -   LOST 3 cpu=2 t=40
                -   LOST 3 cpu=1 t=50
                """)
            .violations();

    assertThat(found).hasSize(1);
    assertThat(found.getFirst().because()).isEqualTo("events were lost around it on CPU 2");
    assertThat(found.getFirst().verdict().doubtKind()).contains(DoubtKind.LOSSES);
    assertThat(found.getFirst().verdict().premises()).contains(PremiseKind.OBJECT_STANDS);
  }
}
