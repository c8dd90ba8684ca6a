package io.dmascope.model.rule;

import static io.dmascope.model.scenario.Scenario.assertScenario;

import org.junit.jupiter.api.Test;

/** Findings that clocks of CPUs would explain if they were apart, and those they would not. */
final class CpuOrderTest {
  @Test
  void unmapBeforeItsMapElsewhere_isSuspect() {
    assertScenario(
        """
        -   START complete clock=local
        nic UNMAP 0x1000 4096 FROM_DEVICE cpu=2 t=100 -> DMA-MAP-001 SUSPECT
        nic MAP   0x1000 4096 FROM_DEVICE cpu=1 t=120
        nic MAP   0x9000 4096 FROM_DEVICE cpu=1 t=9000
        """);
  }

  @Test
  void clockOfAllCpus_keepsTheOrder() {
    assertScenario(
        """
        -   START complete clock=mono
        nic UNMAP 0x1000 4096 FROM_DEVICE cpu=2 t=100 -> DMA-MAP-001 CERTAIN
        nic MAP   0x1000 4096 FROM_DEVICE cpu=1 t=120
        """);
  }

  @Test
  void oneCpu_keepsTheOrder() {
    assertScenario(
        """
        -   START complete clock=local
        nic UNMAP 0x1000 4096 FROM_DEVICE cpu=1 t=100 -> DMA-MAP-001 CERTAIN
        nic MAP   0x1000 4096 FROM_DEVICE cpu=1 t=120
        """);
  }

  @Test
  void mapLaterThanClocksAreApart_explainsNothing() {
    assertScenario(
        """
        -   START complete clock=local
        nic UNMAP 0x1000 4096 FROM_DEVICE cpu=2 t=100 -> DMA-MAP-001 CERTAIN
        nic MAP   0x1000 4096 FROM_DEVICE cpu=1 t=700
        """);
  }

  @Test
  void mapOfAnotherSize_explainsNothing() {
    assertScenario(
        """
        -   START complete clock=local
        nic UNMAP 0x1000 4096 FROM_DEVICE cpu=2 t=100 -> DMA-MAP-001 CERTAIN
        nic MAP   0x1000 2048 FROM_DEVICE cpu=1 t=120
        """);
  }

  @Test
  void unmappedTwiceAndReusedElsewhere_isCertainOnceTheMappingHasAnUnmapOfItsOwn() {
    assertScenario(
        """
        -   START complete clock=local
        nic MAP   0x1000 4096 FROM_DEVICE cpu=1 t=10
        nic UNMAP 0x1000 4096 FROM_DEVICE cpu=1 t=50
        nic UNMAP 0x1000 4096 FROM_DEVICE cpu=2 t=60 -> DMA-MAP-001 CERTAIN
        nic MAP   0x1000 4096 FROM_DEVICE cpu=1 t=100
        nic UNMAP 0x1000 4096 FROM_DEVICE cpu=1 t=5000
        nic MAP   0x9000 4096 FROM_DEVICE cpu=1 t=9000
        """);
  }

  @Test
  void listOfAsManyEntriesElsewhere_explainsASyncOfTooFew() {
    assertScenario(
        """
        -   START complete clock=local
        gpu MAP_SG      TO_DEVICE phys={0x1000,0x3000,0x5000} cpu=1 t=10
        gpu SYNC_SG_DEV TO_DEVICE dma={0x1000,0x3000} len={4096,4096} cpu=1 t=60 -> DMA-SYN-004 SUSPECT
        gpu MAP_SG      TO_DEVICE phys={0x1000,0x3000} cpu=2 t=100
        """);
  }

  @Test
  void listOfAnotherLengthElsewhere_explainsNoSyncOfTooFew() {
    assertScenario(
        """
        -   START complete clock=local
        gpu MAP_SG      TO_DEVICE phys={0x1000,0x3000,0x5000} cpu=1 t=10
        gpu SYNC_SG_DEV TO_DEVICE dma={0x1000,0x3000} len={4096,4096} cpu=1 t=60 -> DMA-SYN-004 CERTAIN
        gpu MAP_SG      TO_DEVICE phys={0x1000,0x7000,0x9000} cpu=2 t=100
        """);
  }

  @Test
  void mapForTheOtherDirection_explainsNoSync() {
    assertScenario(
        """
        -   START complete clock=local
        nic MAP      0x1000 4096 FROM_DEVICE cpu=1 t=10
        nic UNMAP    0x1000 4096 FROM_DEVICE cpu=1 t=50
        nic SYNC_CPU 0x1000 4096 FROM_DEVICE cpu=1 t=60 -> DMA-SYN-001 CERTAIN
        nic MAP      0x1000 4096 TO_DEVICE   cpu=2 t=100
        """);
  }

  @Test
  void unmapThatIsWrongEitherWay_castsDoubtOnItsAddressOnly() {
    assertScenario(
        """
        -   START complete clock=local
        nic MAP   0x5000 4096 TO_DEVICE   cpu=1 t=10
        nic UNMAP 0x1000 32   FROM_DEVICE cpu=2 t=100 -> DMA-MAP-001 CERTAIN
        nic MAP   0x1000 4096 TO_DEVICE   cpu=1 t=230
        nic UNMAP 0x5000 4096 TO_DEVICE   cpu=1 t=250
        nic UNMAP 0x5000 4096 TO_DEVICE   cpu=1 t=251 -> DMA-MAP-001 CERTAIN
        nic MAP   0x9000 4096 FROM_DEVICE cpu=1 t=9000
        """);
  }

  @Test
  void mappingThatNeverEnds_hadTheEarlyUnmap() {
    assertScenario(
        """
        -   START complete clock=local
        nic MAP   0x1000 4096 FROM_DEVICE cpu=1 t=10
        nic UNMAP 0x1000 4096 FROM_DEVICE cpu=1 t=50
        nic UNMAP 0x1000 4096 FROM_DEVICE cpu=2 t=60 -> DMA-MAP-001 SUSPECT
        nic MAP   0x1000 4096 FROM_DEVICE cpu=1 t=100
        nic MAP   0x1000 4096 FROM_DEVICE cpu=1 t=5000
        nic UNMAP 0x1000 4096 FROM_DEVICE cpu=1 t=6000
        nic MAP   0x9000 4096 FROM_DEVICE cpu=1 t=9000
        """);
  }

  @Test
  void unmapThatIsEarlyItself_provesNothing() {
    assertScenario(
        """
        -   START complete clock=local
        nic UNMAP 0x1000 4096 FROM_DEVICE cpu=2 t=100 -> DMA-MAP-001 SUSPECT
        nic MAP   0x1000 4096 FROM_DEVICE cpu=1 t=120
        nic UNMAP 0x1000 4096 FROM_DEVICE cpu=2 t=5000
        nic MAP   0x1000 4096 FROM_DEVICE cpu=1 t=5020
        nic MAP   0x9000 4096 FROM_DEVICE cpu=1 t=9000
        """);
  }

  @Test
  void earlyUnmapThatEndsAnother_explainsTheUnmapOfThatOne() {
    assertScenario(
        """
        -   START complete clock=local
        nic MAP   0x1000 4096 FROM_DEVICE cpu=1 t=10
        nic UNMAP 0x1000 4096 FROM_DEVICE cpu=5 t=100
        nic UNMAP 0x1000 4096 FROM_DEVICE cpu=1 t=110 -> DMA-MAP-001 SUSPECT
        nic MAP   0x1000 4096 FROM_DEVICE cpu=1 t=120
        nic MAP   0x9000 4096 FROM_DEVICE cpu=1 t=9000
        """);
  }

  @Test
  void earlyUnmapIsFound_alsoWhereSomethingElseEndedThereSince() {
    assertScenario(
        """
        -   START complete clock=local
        nic MAP   0x1100 1522 FROM_DEVICE cpu=3 t=10
        nic UNMAP 0x1100 1522 FROM_DEVICE cpu=3 t=100
        nic MAP   0x1000 4096 TO_DEVICE   cpu=1 t=110
        nic UNMAP 0x1000 4096 TO_DEVICE   cpu=1 t=120
        nic UNMAP 0x1100 1522 FROM_DEVICE cpu=1 t=130 -> DMA-MAP-001 SUSPECT
        nic MAP   0x1100 1522 FROM_DEVICE cpu=1 t=140
        nic MAP   0x9000 4096 FROM_DEVICE cpu=1 t=9000
        """);
  }

  @Test
  void mappingThatMayHaveEnded_isNoSecondCandidate() {
    assertScenario(
        """
        -   START complete clock=local
        nic UNMAP 0x1000 4096 TO_DEVICE   cpu=2 t=100 -> DMA-MAP-001 SUSPECT
        nic MAP   0x1000 4096 TO_DEVICE   cpu=1 t=120
        nic MAP   0x1000 4096 FROM_DEVICE cpu=1 t=5000
        nic UNMAP 0x1000 2048 FROM_DEVICE cpu=1 t=6000 -> DMA-MAP-001 SUSPECT
        """);
  }

  @Test
  void listUnmappedBeforeItsMapElsewhere_isSuspect() {
    assertScenario(
        """
        -   START complete clock=local
        hba UNMAP_SG TO_DEVICE phys={0x1000,0x5000} cpu=2 t=100 -> DMA-MAP-001 SUSPECT
        hba MAP_SG   TO_DEVICE phys={0x1000,0x5000} cpu=1 t=120
        hba UNMAP_SG TO_DEVICE phys={0x2000,0x6000} cpu=2 t=5000 -> DMA-MAP-001 CERTAIN
        hba MAP_SG   TO_DEVICE phys={0x2000,0x7000} cpu=1 t=5020
        """);
  }

  @Test
  void addressGivenOutAgain_isSuspectWhereItsUnmapIsCloseElsewhere() {
    assertScenario(
        """
        -   START complete clock=local
        -   IOMMU_MAP   0x10000 0x80000 4096      cpu=1 t=10
        nic MAP         0x10000 4096 TO_DEVICE phys=0x80000 cpu=1 t=11
        -   IOMMU_MAP   0x10000 0x90000 4096      cpu=2 t=5000
        nic MAP         0x10000 4096 TO_DEVICE phys=0x90000 cpu=2 t=5001 -> DMA-MAP-008 SUSPECT
        -   IOMMU_UNMAP 0x10000 4096              cpu=1 t=5030
        nic UNMAP       0x10000 4096 TO_DEVICE    cpu=1 t=5031
        """);
    assertScenario(
        """
        -   START complete clock=local
        -   IOMMU_MAP   0x10000 0x80000 4096      cpu=1 t=10
        nic MAP         0x10000 4096 TO_DEVICE phys=0x80000 cpu=1 t=11
        -   IOMMU_MAP   0x10000 0x90000 4096      cpu=2 t=5000
        nic MAP         0x10000 4096 TO_DEVICE phys=0x90000 cpu=2 t=5001 -> DMA-MAP-008 CERTAIN
        -   IOMMU_UNMAP 0x10000 4096              cpu=1 t=6030
        nic UNMAP       0x10000 4096 TO_DEVICE    cpu=1 t=6031
        """);
  }

  @Test
  void checkElsewhere_explainsAnUncheckedUnmapOnlyIfItIsOfThatMapping() {
    assertScenario(
        """
        -   START complete clock=local
        nic MAP   0x9000 4096 TO_DEVICE cpu=1 t=1
        nic mapping_error_check dma_addr=0x9000 cpu=1 t=2
        nic MAP   0x1000 4096 TO_DEVICE cpu=1 t=100
        nic UNMAP 0x1000 4096 TO_DEVICE cpu=2 t=110 -> DMA-MAP-010 SUSPECT
        nic mapping_error_check dma_addr=0x1000 cpu=1 t=120
        nic MAP   0x2000 4096 TO_DEVICE cpu=1 t=5100
        nic UNMAP 0x2000 4096 TO_DEVICE cpu=2 t=5110 -> DMA-MAP-010 CERTAIN
        nic MAP   0x2000 4096 TO_DEVICE cpu=1 t=5120
        nic mapping_error_check dma_addr=0x2000 cpu=1 t=5130
        nic MAP   0x9000 4096 TO_DEVICE cpu=1 t=9000
        """);
  }

  @Test
  void syncBesideAMapOrAnUnmapElsewhere_isSuspect() {
    assertScenario(
        """
        -   START complete clock=local
        nic SYNC_CPU 0x1000 64 FROM_DEVICE   cpu=2 t=100 -> DMA-SYN-001 SUSPECT
        nic MAP      0x1000 4096 FROM_DEVICE cpu=1 t=120
        nic UNMAP    0x1000 4096 FROM_DEVICE cpu=1 t=5000
        nic SYNC_CPU 0x1000 64 FROM_DEVICE   cpu=2 t=5010 -> DMA-SYN-001 SUSPECT
        """);
    assertScenario(
        """
        -   START complete clock=local
        nic MAP      0x1000 4096 FROM_DEVICE cpu=1 t=120
        nic UNMAP    0x1000 4096 FROM_DEVICE cpu=1 t=5000
        nic SYNC_CPU 0x1000 64 FROM_DEVICE   cpu=1 t=5010 -> DMA-SYN-001 CERTAIN
        nic SYNC_CPU 0x1000 64 FROM_DEVICE   cpu=2 t=9000 -> DMA-SYN-001 CERTAIN
        """);
  }
}
