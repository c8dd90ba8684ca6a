package io.dmascope.model.backend;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class IovaSpaceTest {
  private static final long MASK_64 = -1L;
  private static final long MASK_32 = 0xffffffffL;

  private final Prefer32Bit prefer = new Prefer32Bit(true);
  private IovaSpace space = space(0);

  @Test
  void i1_blocksGoDownAlignedToTheirRoundedSize() {
    assertThat(allocate(0x1000, MASK_64)).isEqualTo(0xfffff000L);
    assertThat(allocate(0x1000, MASK_64)).isEqualTo(0xffffe000L);
    assertThat(allocate(0x3000, MASK_64)).isEqualTo(0xffff8000L);
    assertThat(allocate(0x1000, MASK_64)).isEqualTo(0xffff7000L);
    assertThat(allocate(0x21000, MASK_64)).isEqualTo(0xfffc0000L);
  }

  @Test
  void i2_holesAboveAReservedRange_areNotReusedBeforeTheSearchWraps() {
    space = new IovaSpace(IommuParameters.x86(IommuParameters.FlushPolicy.STRICT), 0);

    assertThat(allocate(0x1000, MASK_64)).isEqualTo(0xfffff000L);
    assertThat(allocate(0x1000000, MASK_64)).isEqualTo(0xfd000000L);
    assertThat(allocate(0x400000, MASK_64)).isEqualTo(0xfcc00000L);
    assertThat(allocate(0x100000, MASK_64)).isEqualTo(0xfcb00000L);
  }

  @Test
  void i3_aFreedBlockAtTheTop_isTheNextOneTaken() {
    long a = allocate(0x1000, MASK_32);
    assertThat(a).isEqualTo(0xfffff000L);
    assertThat(allocate(0x1000, MASK_32)).isEqualTo(0xffffe000L);

    space.free(a, 0x1000, Moment.START);

    assertThat(allocate(0x1000, MASK_32)).isEqualTo(0xfffff000L);
    assertThat(allocate(0x1000, MASK_32)).isEqualTo(0xffffd000L);
  }

  @Test
  void i4_onceTheLow4GAreFull_theDeviceIsNoLongerGivenThemFirst() {
    long mask48 = (1L << 48) - 1;

    assertThat(allocate(0x80000000L, mask48)).isEqualTo(0x80000000L);
    assertThat(allocate(0x40000000L, mask48)).isEqualTo(0x40000000L);
    assertThat(prefer.isActive()).isTrue();
    assertThat(allocate(0x40000000L, mask48)).isEqualTo(0xffffc0000000L);
    assertThat(prefer.isActive()).isFalse();
    assertThat(allocate(0x1000, mask48)).isEqualTo(0xffffbffff000L);
    assertThat(allocate(0x1000, MASK_32)).isEqualTo(0x3ffff000L);
  }

  @Test
  void i5_aSmallMask_dragsTheNext32BitSearchBelowIt() {
    assertThat(allocate(0x1000, 0xffffff)).isEqualTo(0xfff000);
    assertThat(allocate(0x1000, MASK_32)).isEqualTo(0xffe000);
    assertThat(allocate(0x1000, 0xffffff)).isEqualTo(0xffd000);
  }

  @Test
  void aFreedSmallBlock_comesBackOnTheCpuThatFreedIt() {
    space = space(2);
    long first = allocate(0x1000, MASK_32);
    long second = allocate(0x1000, MASK_32);
    space.free(first, 0x1000, on(1));
    space.free(second, 0x1000, on(0));

    assertThat(space.allocate(0x1000, MASK_32, true, on(1))).hasValue(first);
    assertThat(space.allocate(0x1000, MASK_32, true, on(0))).hasValue(second);
  }

  @Test
  void theNewestFreedBlock_isTakenFirst() {
    space = space(1);
    long first = allocate(0x1000, MASK_32);
    long second = allocate(0x1000, MASK_32);
    space.free(first, 0x1000, Moment.START);
    space.free(second, 0x1000, Moment.START);

    assertThat(allocate(0x1000, MASK_32)).isEqualTo(second);
  }

  @Test
  void aBlockOfMoreThan32Granules_isNotCached() {
    space = space(1);
    long used = space.usedBytes();
    long block = allocate(0x21000, MASK_32);

    space.free(block, 0x21000, Moment.START);

    assertThat(space.usedBytes()).isEqualTo(used);
  }

  @Test
  void aFailingAllocation_emptiesTheCachesAndTriesAgain() {
    space = space(1);
    // Everything below 16 MiB but the first granule, one granule at a time.
    for (int i = 0; i < 4095; i++) {
      assertThat(space.allocate(0x1000, 0xffffff, true, Moment.START)).isPresent();
    }
    for (long iova = 0x1000; iova < 0x1000000; iova += 0x1000) {
      space.free(iova, 0x1000, Moment.START);
    }

    assertThat(space.allocate(0x800000, 0xffffff, false, Moment.START)).isEmpty();
    assertThat(space.allocate(0x800000, 0xffffff, true, Moment.START)).isPresent();
  }

  @Test
  void addressZero_isNeverHandedOut() {
    assertThat(space.allocate(0x1000000, 0xffffff, true, Moment.START)).isEmpty();
    assertThat(space.allocate(0x800000, 0xffffff, true, Moment.START)).hasValue(0x800000);
  }

  @Test
  void aFullDepot_givesAMagazineBackAfterAWhile() {
    space = space(1);
    int blocks = IovaMagazine.SIZE * 5;
    for (int i = 0; i < blocks; i++) {
      space.allocate(0x1000, MASK_32, true, Moment.START);
    }
    for (int i = 1; i <= blocks; i++) {
      space.free(0x100000000L - 0x1000L * i, 0x1000, Moment.START);
    }
    int before = space.blockCount();

    space.allocate(0x1000, MASK_32, true, new Moment(10 * IovaCache.DEPOT_DELAY_NS, 0));

    assertThat(before - space.blockCount()).isEqualTo(2 * IovaMagazine.SIZE);
  }

  private long allocate(long size, long limit) {
    OptionalLong iova = prefer.allocate(space, size, limit, Moment.START);
    return iova.orElseThrow();
  }

  private static Moment on(int cpu) {
    return new Moment(0, cpu);
  }

  private static IovaSpace space(int cpus) {
    return new IovaSpace(
        new IommuParameters(
            IommuParameters.PAGES_4K_2M_1G,
            0,
            OptionalLong.empty(),
            List.of(),
            IommuParameters.FlushPolicy.STRICT),
        cpus);
  }
}
