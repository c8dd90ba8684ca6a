package io.dmascope.model.scatterlist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dmascope.model.event.DmaAddress;
import io.dmascope.model.event.U64List;
import java.util.BitSet;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class SgTableTest {
  private static final SgLayout LAYOUT = SgLayout.WITH_DMA_FIELDS;

  @Property(tries = 200)
  void everyList_isWalkedEntryByEntryAcrossItsChunks(
      @ForAll @IntRange(min = 1, max = 700) int nents) {
    Scatterlist list = Scatterlist.of(LAYOUT, pages(nents));

    assertThat(list.positions()).hasSize(nents).noneMatch(list::isChain);
    assertThat(list.bytes()).isEqualTo(EntryForm.SCATTERLIST.bytes(nents));
    assertThat(list.positions().stream().map(list::physAddr).toList())
        .isEqualTo(
            IntStream.range(0, nents).mapToObj(i -> 0x1000_0000L + 0x2000L * i + 0x10).toList());
  }

  @Test
  void theLastSlotOfAChunk_leadsToTheNext() {
    Scatterlist list = Scatterlist.of(LAYOUT, pages(129));

    assertThat(list.isChain(127)).isTrue();
    assertThat(list.next(126)).hasValue(128);
    assertThat(list.next(129)).isEmpty();
  }

  @Test
  void aSmallLayout_holds170Entries() {
    assertThat(SgLayout.SMALL.entriesPerChunk()).isEqualTo(170);
    assertThat(SgLayout.SMALL.chunks(171)).isEqualTo(2);
  }

  @Test
  void anEarlierEnd_cutsTheWalkShort() {
    Scatterlist list = Scatterlist.of(LAYOUT, pages(4));
    list.markEnd(1);
    assertThat(list.positions()).containsExactly(0, 1);

    list.unmarkEnd(1);
    assertThat(list.positions()).hasSize(4);
  }

  @Test
  void mappedEntries_areAtTheFrontAndTheTailIsEmpty() {
    SgTable table = SgTable.of(LAYOUT, pages(4));
    table.map(U64List.of(0xf0000000L), U64List.of(0x4000), new BitSet(), false);

    assertThat(table.nents()).isEqualTo(1);
    assertThat(table.origNents()).isEqualTo(4);
    assertThat(table.list().dmaLength(0)).isEqualTo(0x4000);
    assertThat(table.list().dmaAddr(3)).isEqualTo(DmaAddress.ERROR);
    assertThat(table.list().dmaLength(3)).isZero();
    assertThat(table.pages()).isEqualTo(8);
    assertThat(table.dmaPages()).isEqualTo(4);
  }

  @Test
  void aMappedTable_isNotMappedAgain() {
    SgTable table = SgTable.of(LAYOUT, pages(1));
    table.map(U64List.of(1), U64List.of(1), new BitSet(), true);

    assertThat(table.list().dmaFlags(0)).isEqualTo(Scatterlist.DMA_SWIOTLB);
    assertThatThrownBy(() -> table.map(U64List.of(1), U64List.of(1), new BitSet(), false))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void appendedPages_lengthenTheLastEntryWithinTheLimit() {
    SgAppendTable table = new SgAppendTable(0x4000);
    table.append(new long[] {0x100, 0x101}, 0, 0x2000);
    table.append(new long[] {0x102, 0x103, 0x104, 0x200}, 0, 0x4000);

    assertThat(table.entries().toString()).isEqualTo("100000+4000, 104000+1000, 200000+1000");
  }

  private static PhysList pages(int count) {
    PhysList list = new PhysList();
    for (int i = 0; i < count; i++) {
      list.add(0x1000_0000L + 0x2000L * i + 0x10, 0x1000);
    }
    return list;
  }
}
