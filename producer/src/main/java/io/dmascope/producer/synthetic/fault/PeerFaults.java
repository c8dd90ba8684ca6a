package io.dmascope.producer.synthetic.fault;

import io.dmascope.model.event.DmaAttrs;
import io.dmascope.model.event.DmaDirection;
import io.dmascope.model.event.MapApi;
import io.dmascope.model.p2p.P2pMapType;
import io.dmascope.model.scatterlist.PhysList;
import io.dmascope.producer.synthetic.fault.Injected.Sureness;
import io.dmascope.producer.synthetic.machine.Attachment;
import io.dmascope.producer.synthetic.machine.Backend;
import io.dmascope.producer.synthetic.machine.Context;
import io.dmascope.producer.synthetic.machine.DmaDevice;
import io.dmascope.producer.synthetic.machine.Memory;
import io.dmascope.producer.synthetic.machine.Peer;
import io.dmascope.producer.synthetic.machine.Place;
import io.dmascope.producer.synthetic.machine.SgMapping;
import io.dmascope.producer.synthetic.machine.Single;
import java.util.List;
import java.util.function.Predicate;

/** What goes wrong with memory that a device lends to another (drivers/pci/p2pdma.c). */
final class PeerFaults {
  private static final long PAGE = Memory.PAGE_SIZE;

  /** No bus address of any window comes out there. */
  private static final long ASTRAY = 1L << 44;

  static final List<Fault<?>> ALL =
      List.of(
          imported(
              "P2P-001",
              "mapped against the topology",
              PeerFaults::showsItsPath,
              PeerFaults::otherPath),
          imported("P2P-002", "a wrong bus address", device -> true, PeerFaults::wrongBusAddress),
          imported(
              "P2P-004",
              "memory of a peer out of reach in a list",
              device -> true,
              PeerFaults::unreachableListed),
          imported(
              "P2P-004",
              "memory of a peer out of reach as a resource",
              PeerFaults::isUnforced,
              PeerFaults::unreachableMapped),
          imported(
              "P2P-005",
              "a peer pulled out while its memory is mapped",
              device -> spare(device).isInGroup(),
              PeerFaults::pulledOut),
          imported(
              "P2P-006", "an entry of two owners", PeerFaults::isUnforced, PeerFaults::twoOwners));

  private PeerFaults() {}

  @FunctionalInterface
  private interface Deed {
    void commit(Context at, DmaDevice device, TruthLog log);
  }

  private static Fault<Attachment> imported(
      String ruleId, String what, Predicate<DmaDevice> fits, Deed deed) {
    return Fault.afterImport(
        ruleId,
        what,
        attachment -> fits.test(attachment.importer()),
        (at, attachment, log) -> {
          deed.commit(at, attachment.importer(), log);
          return null;
        });
  }

  /** The one whose memory is imported all the time. */
  private static Peer provider(DmaDevice device) {
    return device.machine().peers().getFirst();
  }

  /** One beside it that lends nothing. */
  private static Peer spare(DmaDevice device) {
    return device.machine().peers().get(1);
  }

  /** One that no request reaches. */
  private static Peer unreachable(DmaDevice device) {
    return device.machine().peers().getLast();
  }

  private static boolean isUnforced(DmaDevice device) {
    return device.machine().backend() != Backend.SWIOTLB;
  }

  /** True where a bus address differs from any other. */
  private static boolean showsItsPath(DmaDevice device) {
    return isUnforced(device) && (device.translated() || provider(device).busOffset() != 0);
  }

  private static P2pMapType right(DmaDevice device) {
    return provider(device).place() == Place.SWITCH
        ? P2pMapType.BUS_ADDR
        : P2pMapType.THRU_HOST_BRIDGE;
  }

  private static void otherPath(Context at, DmaDevice device, TruthLog log) {
    P2pMapType wrong =
        right(device) == P2pMapType.BUS_ADDR ? P2pMapType.THRU_HOST_BRIDGE : P2pMapType.BUS_ADDR;
    Peer peer = provider(device);
    SgMapping list = mapped(at, device, peer.barAddr(), PAGE, wrong, peer.busAddr(peer.barAddr()));
    noted(log, list, Sureness.CERTAIN);
    device.lists().unmap(at, list);
  }

  private static void wrongBusAddress(Context at, DmaDevice device, TruthLog log) {
    long physAddr = provider(device).barAddr();
    SgMapping list = mapped(at, device, physAddr, PAGE, P2pMapType.BUS_ADDR, physAddr + ASTRAY);
    // Without an IOMMU's events it may be translated, until something shows that nothing is.
    noted(log, list, device.translated() ? Sureness.CERTAIN : Sureness.EITHER);
    device.lists().unmap(at, list);
  }

  private static void unreachableListed(Context at, DmaDevice device, TruthLog log) {
    Peer peer = unreachable(device);
    long busAddr = peer.busAddr(peer.barAddr());
    SgMapping list = mapped(at, device, peer.barAddr(), PAGE, P2pMapType.BUS_ADDR, busAddr);
    noted(log, list, Sureness.CERTAIN);
    device.lists().unmap(at, list);
  }

  /** {@code dma_map_resource()} does not ask. */
  private static void unreachableMapped(Context at, DmaDevice device, TruthLog log) {
    MapApi api = device.machine().generation().resourceApi();
    long physAddr = unreachable(device).barAddr();
    Single single =
        device.singles().map(at, api, physAddr, PAGE, DmaDirection.BIDIRECTIONAL, DmaAttrs.MMIO);
    log.certain(single.mappedAt(), device.name(), single.dmaAddr(), PAGE);
    device.check(at, single.dmaAddr());
    device.singles().unmap(at, single);
  }

  private static void pulledOut(Context at, DmaDevice device, TruthLog log) {
    Peer peer = spare(device);
    SgMapping list =
        mapped(at, device, peer.barAddr(), PAGE, right(device), peer.busAddr(peer.barAddr()));
    long gone = peer.pullOut(at);
    // A client that nothing translates for may have stopped, and need not unmap.
    log.add(
        gone,
        peer.name(),
        list.dmaAddr(),
        PAGE,
        device.translated() ? Sureness.CERTAIN : Sureness.SUSPECT,
        false,
        list.mappedAt());
    device.lists().unmap(at, list);
  }

  private static void twoOwners(Context at, DmaDevice device, TruthLog log) {
    Peer peer = provider(device);
    long physAddr = peer.endAddr() - PAGE;
    SgMapping list = mapped(at, device, physAddr, 2 * PAGE, right(device), peer.busAddr(physAddr));
    noted(log, list, Sureness.CERTAIN);
    device.lists().unmap(at, list);
  }

  private static SgMapping mapped(
      Context at, DmaDevice device, long physAddr, long sizeBytes, P2pMapType type, long busAddr) {
    PhysList list = new PhysList().add(physAddr, sizeBytes, type, busAddr);
    return device.lists().map(at, list, DmaDirection.BIDIRECTIONAL, DmaAttrs.SKIP_CPU_SYNC);
  }

  private static void noted(TruthLog log, SgMapping list, Sureness sureness) {
    log.add(
        list.mappedAt(), list.device().name(), list.dmaAddr(), list.sizeBytes(), sureness, false);
  }
}
