package io.dmascope.model.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dmascope.model.event.DmaAttrs;
import io.dmascope.model.event.DmaDirection;
import io.dmascope.model.p2p.P2pMapType;
import io.dmascope.model.scatterlist.PhysList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class BackendsTest {
  private static final DeviceParameters DEVICE = DeviceParameters.pci("0000:03:00.0");
  private static final DmaDirection FROM = DmaDirection.FROM_DEVICE;
  private static final Moment NOW = Moment.START;

  private final SwiotlbPool pool = new SwiotlbPool(0x40000000, 1024, 1);

  @Test
  void direct_keepsAddressesAndEntries() {
    Mapping mapping = mapped(DirectBackend.of(DEVICE, pool).mapSg(threePages(), FROM, 0, NOW));

    assertThat(mapping.dmaAddrs().toArray()).containsExactly(0x10000, 0x30000, 0x50000);
    assertThat(mapping.iovaSizeBytes()).isZero();
  }

  @Test
  void direct_movesAddressesByTheFirmwaresRanges() {
    DeviceParameters moved =
        DEVICE.withDmaRanges(List.of(new DeviceParameters.DmaRange(0x10000, 0x90000, 0x10000)));
    DirectBackend backend = DirectBackend.of(moved, pool);

    assertThat(mapped(backend.mapPhys(0x12000, 0x1000, FROM, 0, NOW)).dmaAddrs().at(0))
        .isEqualTo(0x92000);
    assertThat(backend.mapPhys(0x50000, 0x1000, FROM, DmaAttrs.MMIO, NOW))
        .isInstanceOf(MapResult.Failure.class);
  }

  @Test
  void direct_bouncesWhatTheMaskDoesNotReach() {
    DirectBackend backend = DirectBackend.of(DEVICE.withDmaMask(0xffffffffL), pool);

    Mapping mapping = mapped(backend.mapPhys(0x123456789L, 100, FROM, 0, NOW));

    assertThat(mapping.bounces()).hasSize(1);
    assertThat(pool.contains(mapping.dmaAddrs().at(0))).isTrue();
    backend.unmap(mapping, FROM, 0, NOW);
    assertThat(backend.counters().bounceBytesOut()).isEqualTo(100);
    assertThat(pool.usedSlots()).isZero();
  }

  @Test
  void direct_neverBouncesMmioOrWhatMustBeCoherent() {
    DirectBackend backend = DirectBackend.of(DEVICE.withDmaMask(0xffffffffL), pool);

    for (long attrs : new long[] {DmaAttrs.MMIO, DmaAttrs.REQUIRE_COHERENT}) {
      assertThat(backend.mapPhys(0x123456789L, 100, FROM, attrs, NOW))
          .isEqualTo(new MapResult.Failure(Errno.EIO));
    }
  }

  @Test
  void anEntryThatFails_undoesTheListBeforeIt() {
    DirectBackend backend = DirectBackend.forced(DEVICE, pool);
    PhysList list =
        new PhysList().add(0x10000, 0x1000).add(0x0, 0x1000, P2pMapType.NOT_SUPPORTED, 0);

    assertThat(backend.mapSg(list, FROM, 0, NOW)).isEqualTo(new MapResult.Failure(Errno.EREMOTEIO));
    assertThat(pool.usedSlots()).isZero();
  }

  @Test
  void iommu_mergesAndGivesItsBlockBack() {
    IommuDomain domain = domain(IommuParameters.FlushPolicy.STRICT);
    IommuBackend backend = new IommuBackend(DEVICE, domain, pool);

    Mapping mapping = mapped(backend.mapSg(threePages(), FROM, 0, NOW));

    assertThat(mapping.ents()).isEqualTo(1);
    assertThat(mapping.dmaAddrs().at(0)).isEqualTo(0xffffc000L);
    assertThat(domain.liveBytes()).isEqualTo(0x3000);
    backend.unmap(mapping, FROM, 0, NOW);
    assertThat(domain.liveBytes()).isZero();
    assertThat(backend.counters().rangeInvalidations()).isEqualTo(1);
    assertThat(backend.counters().entriesCleared()).isEqualTo(backend.counters().entriesSet());
  }

  @Test
  void untrustedDevices_getEachEntryAloneAndUnalignedOnesBounced() {
    IommuBackend backend =
        new IommuBackend(
            DEVICE.withUntrusted(true), domain(IommuParameters.FlushPolicy.STRICT), pool);
    PhysList list = new PhysList().add(0x10000, 0x1000).add(0x30200, 0x100);

    Mapping mapping = mapped(backend.mapSg(list, FROM, 0, NOW));

    assertThat(mapping.ents()).isEqualTo(2);
    assertThat(mapping.bounces()).hasSize(1);
    assertThat(pool.contains(mapping.pageTableRuns().get(1).physAddr())).isTrue();
    backend.unmap(mapping, FROM, 0, NOW);
    assertThat(pool.usedSlots()).isZero();
  }

  @Test
  void alignmentBeyondTheGranule_isRefused() {
    IommuBackend backend =
        new IommuBackend(
            DEVICE.withMinAlignMask(0xffff), domain(IommuParameters.FlushPolicy.STRICT), pool);

    assertThat(backend.mapPhys(0x10000, 0x1000, FROM, 0, NOW))
        .isInstanceOf(MapResult.Failure.class);
  }

  @Test
  void aLazyAddress_isNotHandedOutBeforeTheFlush() {
    IommuBackend backend = new IommuBackend(DEVICE, domain(IommuParameters.FlushPolicy.LAZY), pool);
    Mapping first = mapped(backend.mapPhys(0x10000, 0x1000, FROM, 0, NOW));
    backend.unmap(first, FROM, 0, NOW);

    Mapping second = mapped(backend.mapPhys(0x20000, 0x1000, FROM, 0, at(9_999_999)));
    Mapping third = mapped(backend.mapPhys(0x30000, 0x1000, FROM, 0, at(10_000_000)));

    assertThat(second.iova()).isNotEqualTo(first.iova());
    assertThat(third.iova()).isEqualTo(first.iova());
  }

  @Test
  void twoSteps_makeOneRangeOfPiecesThatTile() {
    IommuDomain domain = domain(IommuParameters.FlushPolicy.LAZY);
    IommuBackend backend = new IommuBackend(DEVICE, domain, pool);
    IovaTransaction transaction =
        IovaTransaction.tryAllocate(backend, 0x10200, 0x2000, NOW).orElseThrow();

    assertThat(transaction.dmaAddr() & 0xfff).isEqualTo(0x200);
    assertThat(transaction.link(0x10200, 0, 0xe00, 0)).isEmpty();
    assertThat(transaction.isSynced()).isFalse();
    assertThat(transaction.link(0x50100, 0xe00, 0x1000, 0)).contains(Errno.EIO);
    assertThat(transaction.link(0x50000, 0xe00, 0x1000, 0)).isEmpty();
    assertThat(transaction.link(0x70000, 0x1e00, 0x200, 0)).isEmpty();
    transaction.sync();

    assertThat(transaction.links()).hasSize(3);
    assertThat(transaction.isSynced()).isTrue();
    transaction.destroy(NOW);
    assertThat(domain.liveBytes()).isZero();
    assertThat(domain.queue().pending()).isZero();
    assertThatThrownBy(() -> transaction.destroy(NOW)).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void twoSteps_takeNothingBehindAShortPiece() {
    IommuBackend backend =
        new IommuBackend(DEVICE, domain(IommuParameters.FlushPolicy.STRICT), pool);
    IovaTransaction transaction =
        IovaTransaction.tryAllocate(backend, 0x10000, 0x3000, NOW).orElseThrow();

    assertThat(transaction.link(0x10000, 0, 0x800, 0)).isEmpty();
    assertThat(transaction.link(0x20000, 0x800, 0x1000, 0)).contains(Errno.EIO);
    assertThat(IovaTransaction.tryAllocate(backend, 0x10000, 0, NOW)).isEqualTo(Optional.empty());
  }

  private static Mapping mapped(MapResult result) {
    return (Mapping) result;
  }

  private static PhysList threePages() {
    return new PhysList().add(0x10000, 0x1000).add(0x30000, 0x1000).add(0x50000, 0x1000);
  }

  private static IommuDomain domain(IommuParameters.FlushPolicy policy) {
    return new IommuDomain(IommuParameters.x86(policy), 1);
  }

  private static Moment at(long ns) {
    return new Moment(ns, 0);
  }
}
