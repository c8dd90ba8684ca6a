package io.dmascope.model.backend;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class SwiotlbPoolTwinTest {
  private static final long START = 0x4000_0000L;

  /** A buffer to take; of size 0, one to give back. */
  record Op(long physAddr, long sizeBytes, int minAlignMask, long boundary, int cpu, int which) {}

  @Property(tries = 400)
  void runsOfFreeSlots_answerAsOneFlagASlotDoes(@ForAll("ops") List<Op> ops) {
    SwiotlbPool pool = new SwiotlbPool(START, 512, 4);
    PlainSwiotlbPool plain = new PlainSwiotlbPool(START, 512, 4);
    List<SwiotlbPool.Allocation> live = new ArrayList<>();
    int slots = 0;
    for (Op op : ops) {
      if (op.sizeBytes() == 0) {
        if (!live.isEmpty()) {
          SwiotlbPool.Allocation gone = live.remove(op.which() % live.size());
          pool.free(gone);
          plain.free(gone);
          slots -= gone.slots();
        }
        continue;
      }
      DeviceParameters device =
          DeviceParameters.pci("0000:03:00.0")
              .withMinAlignMask(op.minAlignMask())
              .withSegmentBoundaryMask(op.boundary());
      Optional<SwiotlbPool.Allocation> taken =
          pool.allocate(device, op.physAddr(), op.sizeBytes(), 0, op.cpu());
      assertThat(taken).isEqualTo(plain.allocate(device, op.physAddr(), op.sizeBytes(), op.cpu()));
      taken.ifPresent(live::add);
      slots += taken.map(SwiotlbPool.Allocation::slots).orElse(0);
    }
    assertThat(pool.usedSlots()).isEqualTo(slots);
  }

  @Provide
  Arbitrary<List<Op>> ops() {
    return Combinators.combine(
            Arbitraries.longs().between(0, 1 << 20),
            Arbitraries.of(0L, 0L, 1L, 512L, 2048L, 4096L, 6000L, 0x8000L, 0x20000L, 0x40000L),
            Arbitraries.of(0, 0, 511, 4095, 65535),
            Arbitraries.of(0xffffffffL, 0xffffffffL, 0xffffL, 0x3fffL),
            Arbitraries.integers().between(0, 3),
            Arbitraries.integers().between(0, 1000))
        .as(Op::new)
        .list()
        .ofMaxSize(150);
  }
}
