package io.dmascope.model.backend;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class IovaAllocatorTwinTest {

  /** An allocation of {@code pfns}, or where 0 the freeing of one that is live. */
  record Op(long pfns, long limitPfn, int which) {}

  @Property
  void linkedBlocks_answerAsThePlainListDoes(@ForAll("ops") List<Op> ops) {
    IovaAllocator allocator = new IovaAllocator(4096, 0);
    PlainIovaAllocator plain = new PlainIovaAllocator();
    allocator.reserve(0xfee00, 0xfeeff);
    plain.reserve(0xfee00, 0xfeeff);
    List<Long> live = new ArrayList<>();
    for (Op op : ops) {
      if (op.pfns() == 0) {
        if (!live.isEmpty()) {
          long pfn = live.remove(op.which() % live.size());
          allocator.free(pfn);
          plain.free(pfn);
        }
        continue;
      }
      OptionalLong taken = allocator.allocate(op.pfns(), op.limitPfn());
      assertThat(taken).isEqualTo(plain.allocate(op.pfns(), op.limitPfn()));
      taken.ifPresent(live::add);
    }
    assertThat(allocator.usedPfns()).isEqualTo(plain.usedPfns());
  }

  @Property(tries = 200)
  void reservations_mergeAsInThePlainList(@ForAll("ranges") List<long[]> ranges) {
    IovaAllocator allocator = new IovaAllocator(4096, 0);
    PlainIovaAllocator plain = new PlainIovaAllocator();
    for (long[] range : ranges) {
      allocator.reserve(range[0], range[1]);
      plain.reserve(range[0], range[1]);
    }
    assertThat(allocator.usedPfns()).isEqualTo(plain.usedPfns());
    for (int i = 0; i < 20; i++) {
      assertThat(allocator.allocate(3, 200)).isEqualTo(plain.allocate(3, 200));
    }
  }

  @Provide
  Arbitrary<List<Op>> ops() {
    Arbitrary<Long> pfns = Arbitraries.of(0L, 0L, 1L, 1L, 2L, 4L, 16L, 33L, 1000L, 0x3000L);
    // Narrow limits fill up, so that searches wrap and fail.
    Arbitrary<Long> limits =
        Arbitraries.of(0xffL, 0xfffL, 0x3fffL, 0xfffffL, 0xfffffL, 0x7ffffffL, (1L << 52) - 1);
    return Combinators.combine(pfns, limits, Arbitraries.integers().between(0, 1000))
        .as(Op::new)
        .list()
        .ofMaxSize(200);
  }

  @Provide
  Arbitrary<List<long[]>> ranges() {
    return Combinators.combine(
            Arbitraries.longs().between(1, 150), Arbitraries.longs().between(0, 30))
        .as((first, more) -> new long[] {first, first + more})
        .list()
        .ofMaxSize(12);
  }
}
