package io.dmascope.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Pieces of recordings of machines whose facts are not x86's; see {@code golden/architectures}. */
final class ArchitecturesTest {
  private static final String GOLDEN = "../golden/architectures/";

  private final FakeTerminal shell = new FakeTerminal();

  @Test
  void aDeviceThatHadNoNameYet_isNotBlamedAndBlamesNobody() {
    assertThat(shell.run("check", "--complete-start", GOLDEN + "null-device/trace.txt")).isZero();
    assertThat(shell.out()).contains("findings     none").doesNotContain("mapped_by");
  }

  @Test
  void identityDomains_areNotToBeRecordedAgain() {
    assertThat(shell.run("check", GOLDEN + "record-iommu/trace.txt")).isZero();
    assertThat(shell.out().replaceAll("\\s+", " "))
        .contains("recorded, and the capture has none of: iommu:map and iommu:unmap: identity")
        .doesNotContain("record iommu:*");
  }

  @Test
  void aDoorbell_takesAnAddressLikeAnyOther() {
    assertThat(shell.run("verify", GOLDEN + "msi-page/trace-strict.txt")).isZero();
    assertThat(shell.out()).contains("1 of 1 I/O virtual addresses").contains("0 not, 0 without");
  }

  @Test
  void aListWithABouncedEntry_isMappedEntryByEntry() {
    assertThat(shell.run("verify", GOLDEN + "sg-swiotlb-iommu/small-4k.txt")).isZero();
    assertThat(shell.out()).contains("2 maps: 2 predicted exactly, 0 not, 0 without");

    assertThat(shell.run("verify", GOLDEN + "sg-swiotlb-iommu/trace.txt")).isZero();
    assertThat(shell.out())
        .contains("52 maps: 52 predicted exactly, 0 not, 0 without")
        .contains("9 of 9 bounce buffers: the very address predicted")
        .contains("granule 0x4000 (inferred)");
  }

  /** The kernel log of that machine says: 1 MiB from 0x7f354000; two CPUs' first slots tell it. */
  @Test
  void theSizeOfASmallPool_isInferredFromTheAreasOfTwoCpus() {
    shell.run("verify", GOLDEN + "sg-swiotlb-iommu/trace.txt");

    assertThat(shell.out()).contains("bounce pool at 0x7f354000 (inferred), 512 slots (inferred)");
  }

  @Test
  void aPoolBehindAnIommu_isWhereThePageTableLeads() {
    String trace = GOLDEN + "pool-is-an-iova/trace.txt";

    assertThat(shell.run("verify", trace)).isZero();
    assertThat(shell.out())
        .contains("iommu+swiotlb")
        .contains("bounce pool at 0x7f354000 (inferred), 32,768 slots (default)");

    String manifest = GOLDEN + "pool-is-an-iova/true-pool.manifest.json";
    assertThat(shell.run("verify", "--manifest", manifest, trace)).isZero();
    assertThat(shell.out()).contains("1 of 1 bounce buffers").contains("512 slots (given)");
  }

  @Test
  void theGranule_isWhatASingleMapWasWidenedTo() {
    assertThat(shell.run("verify", GOLDEN + "granule-inferred/trace.txt")).isZero();
    assertThat(shell.out())
        .contains("1 maps: 1 predicted exactly")
        .contains("granule 0x4000 (inferred)");
  }
}
