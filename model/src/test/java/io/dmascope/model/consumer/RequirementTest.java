package io.dmascope.model.consumer;

import static org.assertj.core.api.Assertions.assertThat;

import io.dmascope.model.backend.IommuSgLayout;
import io.dmascope.model.backend.Mapping;
import io.dmascope.model.event.U64List;
import io.dmascope.model.scatterlist.EntryForm;
import io.dmascope.model.scatterlist.PhysList;
import java.util.BitSet;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RequirementTest {
  private static final PhysList PAGES =
      new PhysList().add(0x10000, 0x1000).add(0x30000, 0x1000).add(0x50000, 0x1000);

  @Test
  void oneRange_needsAnIommuForScatteredPages() {
    assertThat(new Requirement.OneRange().fulfil(direct(PAGES)).satisfied()).isFalse();

    Requirement.Fulfilment merged = new Requirement.OneRange().fulfil(translated(PAGES));
    assertThat(merged.satisfied()).isTrue();
    assertThat(merged.form()).isEqualTo(EntryForm.IOVA_STATE);
  }

  @Test
  void ranges_areCounted() {
    assertThat(new Requirement.Ranges(2).fulfil(direct(PAGES)).why())
        .isEqualTo("3 ranges, the device takes 2");
    assertThat(new Requirement.Ranges(2).fulfil(translated(PAGES)).deviceEntries()).isEqualTo(1);
  }

  @Test
  void nvmePages_allowNoGapInside() {
    PhysList gap = new PhysList().add(0x10000, 0x200).add(0x30000, 0x1000);

    assertThat(new Requirement.NvmePages().fulfil(direct(gap)).why())
        .isEqualTo("entry 1 leaves a gap within a page");
    assertThat(new Requirement.NvmePages().fulfil(direct(PAGES)).deviceEntries()).isEqualTo(3);
  }

  @Test
  void aPageArray_holdsEachPage() {
    assertThat(new Requirement.PageArray(2).fulfil(translated(PAGES)).satisfied()).isFalse();
    assertThat(GpuPages.addresses(translated(PAGES), 3).orElseThrow())
        .containsExactly(0xf0000000L, 0xf0001000L, 0xf0002000L);
    assertThat(new Requirement.PageArray(3).fulfil(direct(PAGES)).formBytes()).isEqualTo(24);
  }

  @Test
  void aMemoryRegion_needsFewerBlocksWhereAddressesAreContiguous() {
    Requirement region = new Requirement.MemoryRegion(0x1000 | 0x4000, 0xf0000000L);

    assertThat(region.fulfil(direct(PAGES)).deviceEntries()).isEqualTo(3);
    assertThat(region.fulfil(translated(PAGES)).deviceEntries()).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource({"0, 4096, 1", "512, 4096, 2", "0, 8192, 2", "100, 10, 1", "4095, 2, 2"})
  void prpEntries_countPagesTouched(long addr, long length, long entries) {
    assertThat(NvmePrp.entries(addr, length)).isEqualTo(entries);
  }

  @ParameterizedTest
  @CsvSource({"1, 0", "2, 0", "3, 1", "513, 1", "514, 2", "1024, 2", "1025, 3"})
  void prpLists_linkThroughTheirLastEntry(long entries, long pages) {
    assertThat(NvmePrp.listPages(entries)).isEqualTo(pages);
  }

  @Test
  void neighboursInMemory_becomeOneSegmentWithinTheLimits() {
    PhysList vectors = new PhysList().add(0xe000, 0x1000).add(0xf000, 0x2000).add(0x11000, 0x1000);

    assertThat(BlockSegments.DEFAULT.merge(vectors).toString()).isEqualTo("e000+4000");
    assertThat(new BlockSegments(0x10000, 0xffff, 0).merge(vectors).toString())
        .isEqualTo("e000+2000, 10000+2000");
    assertThat(new BlockSegments(0x1800, -1L, 0).merge(vectors).toString())
        .isEqualTo("e000+1800, f800+1800, 11000+1000");
  }

  @Test
  void aVirtualBoundary_forbidsGaps() {
    BlockSegments nvme = new BlockSegments(0xffffffffL, 0xffffffffL, 4095);

    assertThat(nvme.hasGap(PAGES)).isFalse();
    assertThat(nvme.hasGap(new PhysList().add(0x10000, 0x200).add(0x30000, 0x1000))).isTrue();
  }

  @Property(tries = 300)
  void segments_keepEveryByteInOrder(
      @ForAll List<@IntRange(min = 1, max = 0x9000) Integer> lengths) {
    PhysList vectors = new PhysList();
    long at = 0x7800;
    for (int length : lengths) {
      vectors.add(at, length);
      at += length + (length % 3 == 0 ? 0x1000 : 0);
    }
    BlockSegments limits = new BlockSegments(0x6000, 0xffff, 0);

    PhysList segments = limits.merge(vectors);

    assertThat(segments.totalBytes()).isEqualTo(vectors.totalBytes());
    for (int i = 0; i < segments.size(); i++) {
      long start = segments.physAddr(i);
      long last = start + segments.length(i) - 1;
      assertThat(segments.length(i)).isLessThanOrEqualTo(0x6000);
      assertThat(start & ~0xffffL).isEqualTo(last & ~0xffffL);
    }
  }

  private static Mapping translated(PhysList list) {
    return (Mapping) IommuSgLayout.of(list, 0x1000, -1L, 0xffffffffL).at(0xf0000000L);
  }

  private static Mapping direct(PhysList list) {
    long[] addrs = new long[list.size()];
    long[] lengths = new long[list.size()];
    for (int i = 0; i < list.size(); i++) {
      addrs[i] = list.physAddr(i);
      lengths[i] = list.length(i);
    }
    return new Mapping(
        U64List.wrap(addrs), U64List.wrap(lengths), new BitSet(), 0, 0, List.of(), 0, List.of());
  }
}
