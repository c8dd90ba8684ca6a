package io.dmascope.model.scatterlist;

import static org.assertj.core.api.Assertions.assertThat;

import io.dmascope.model.event.U64List;
import io.dmascope.model.scatterlist.FormList.Converted;
import io.dmascope.model.scatterlist.FormList.Side;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class FormListTest {
  private static final Set<EntryForm> OF_MEMORY =
      EnumSet.of(EntryForm.SCATTERLIST, EntryForm.BIO_VEC, EntryForm.PHYS_VEC);
  private static final Set<EntryForm> OF_ADDRESSES =
      EnumSet.complementOf(EnumSet.of(EntryForm.BIO_VEC, EntryForm.PHYS_VEC));

  @Test
  void theTable_saysForEveryPairWhetherThereIsAWay() {
    for (EntryForm from : EntryForm.values()) {
      for (EntryForm to : EntryForm.values()) {
        assertThat(FormConversions.passes(Side.MEMORY, from, to).isPresent())
            .as("memory %s to %s", from, to)
            .isEqualTo(OF_MEMORY.contains(from) && OF_MEMORY.contains(to));
        assertThat(FormConversions.passes(Side.DMA, from, to).isPresent())
            .as("addresses %s to %s", from, to)
            .isEqualTo(OF_ADDRESSES.contains(from) && OF_ADDRESSES.contains(to));
        assertThat(FormConversions.passes(Side.DMA, from, to).orElse(0) == 0)
            .isEqualTo(from == to || FormConversions.passes(Side.DMA, from, to).isEmpty());
      }
    }
  }

  @Property(tries = 300)
  void conversions_keepTheBytes(@ForAll("lists") PhysList list, @ForAll EntryForm to) {
    for (FormList from : List.of(FormList.ofMemory(list), addresses(list))) {
      Optional<Converted> converted = from.to(to);
      if (converted.isPresent()) {
        FormList other = converted.get().list();
        assertThat(joined(other)).isEqualTo(joined(from));
        for (int i = 0; i < other.entries(); i++) {
          assertThat(Long.compareUnsigned(other.length(i), to.lengthMax())).isLessThanOrEqualTo(0);
        }
        // And back again.
        assertThat(other.to(EntryForm.SCATTERLIST).map(back -> joined(back.list())))
            .contains(joined(from));
      }
    }
  }

  @Property(tries = 200)
  void oneIovaRange_isSaidOfContiguousAddressesOnly(@ForAll("lists") PhysList list) {
    FormList from = addresses(list);

    assertThat(from.to(EntryForm.IOVA_STATE).isPresent()).isEqualTo(joined(from).size() == 1);
  }

  @Test
  void memory_becomesNoAddressesByBeingWrittenDown() {
    assertThat(FormList.ofMemory(new PhysList().add(0x1000, 0x1000)).to(EntryForm.DMA_SG))
        .isEmpty();
  }

  @Test
  void aScatterlist_isBuiltInTwoPassesAndReadInOne() {
    PhysList list = new PhysList().add(0x1000, 0x1000).add(0x8000, 0x200);
    FormList vecs = FormList.ofMemory(list).to(EntryForm.BIO_VEC).orElseThrow().list();

    assertThat(FormList.ofMemory(list).to(EntryForm.BIO_VEC).orElseThrow().visits()).isEqualTo(2);
    assertThat(vecs.to(EntryForm.SCATTERLIST).orElseThrow().visits()).isEqualTo(4);
  }

  @Test
  void aRangeOf8GiB_isCutAtWholePagesWhereLengthsHave32Bits() {
    FormList one = addresses(new PhysList().add(0, 0x8000_0000L).add(0x8000_0000L, 0x8000_0000L));
    FormList joined = one.to(EntryForm.IOVA_STATE).orElseThrow().list();

    FormList cut = joined.to(EntryForm.DMA_SG).orElseThrow().list();

    assertThat(cut.entries()).isEqualTo(2);
    assertThat(cut.length(0)).isEqualTo(0xfffff000L);
    assertThat(cut.length(1)).isEqualTo(0x1000L);
    assertThat(joined.to(EntryForm.DMA_SG64).orElseThrow().list().entries()).isEqualTo(1);
  }

  @Test
  void partsOfPages_areNoLinearArray() {
    assertThat(addresses(new PhysList().add(0x1200, 0x1000)).to(EntryForm.LINEAR)).isEmpty();
    assertThat(addresses(new PhysList().add(0x1000, 0x3000)).to(EntryForm.LINEAR))
        .map(converted -> converted.list().entries())
        .contains(3);
  }

  @Test
  void aBio_holds256VecsAndLessThan4GiB() {
    PhysList many = new PhysList();
    for (int i = 0; i < 257; i++) {
      many.add(0x2000L * i, 0x1000);
    }
    PhysList large = new PhysList().add(0, 0xf000_0000L).add(0x1_0000_0000L, 0xf000_0000L);

    assertThat(FormList.ofMemory(many).to(EntryForm.BIO_VEC).orElseThrow().list().chunks())
        .isEqualTo(2);
    assertThat(FormList.ofMemory(large).to(EntryForm.BIO_VEC).orElseThrow().list().chunks())
        .isEqualTo(2);
  }

  @Provide
  Arbitrary<PhysList> lists() {
    Arbitrary<long[]> entry =
        Combinators.combine(
                Arbitraries.longs().between(0, 30),
                Arbitraries.of(0L, 0L, 0L, 0x200L),
                Arbitraries.of(0x1000L, 0x1000L, 0x2000L, 0xe00L, 0xffff_f000L, 0xffff_ffffL))
            .as((page, offset, length) -> new long[] {page * 4096 + offset, length});
    return entry
        .list()
        .ofMinSize(1)
        .ofMaxSize(12)
        .filter(entries -> entries.stream().filter(e -> e[1] > 0x10000).count() < 2)
        .map(
            entries -> {
              PhysList list = new PhysList();
              entries.forEach(e -> list.add(e[0], e[1]));
              return list;
            });
  }

  private static FormList addresses(PhysList list) {
    long[] addrs = new long[list.size()];
    long[] lengths = new long[list.size()];
    for (int i = 0; i < list.size(); i++) {
      addrs[i] = list.physAddr(i);
      lengths[i] = list.length(i);
    }
    return FormList.ofAddresses(U64List.wrap(addrs), U64List.wrap(lengths));
  }

  private static List<String> joined(FormList list) {
    List<long[]> ranges = new ArrayList<>();
    for (int i = 0; i < list.entries(); i++) {
      if (!ranges.isEmpty() && ranges.getLast()[0] + ranges.getLast()[1] == list.addr(i)) {
        ranges.getLast()[1] += list.length(i);
      } else {
        ranges.add(new long[] {list.addr(i), list.length(i)});
      }
    }
    return ranges.stream().map(range -> "%x+%x".formatted(range[0], range[1])).toList();
  }
}
