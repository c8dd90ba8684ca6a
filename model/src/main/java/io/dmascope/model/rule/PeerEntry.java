package io.dmascope.model.rule;

import io.dmascope.model.finding.Doubt;
import io.dmascope.model.finding.Reason;
import io.dmascope.model.mapping.MappedObject;
import io.dmascope.model.mapping.Op;
import io.dmascope.model.mapping.Premise;
import io.dmascope.model.mapping.RigFacts;
import io.dmascope.model.mapping.Transition;
import io.dmascope.model.p2p.P2pMapType;
import io.dmascope.model.p2p.P2pPath;
import io.dmascope.model.p2p.PeerMemory;
import io.dmascope.model.rig.PciFunction;
import io.dmascope.model.rig.RigDevice;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A mapped piece of another device's memory window.
 *
 * @param translated true where page-table runs of the mapping lead there
 * @param path how P2PDMA lets the client reach it; empty where either side is not in the PCI tree
 */
record PeerEntry(
    PeerMemory.Owner owner,
    long physAddr,
    long dmaAddr,
    long sizeBytes,
    boolean translated,
    Optional<P2pPath> path) {

  /** True where the DMA address is the one on the bus; the same as {@link #atPhysical} on x86. */
  boolean atBus() {
    return owner.busOffset().isPresent() && dmaAddr == physAddr + owner.busOffset().getAsLong();
  }

  /** True where the topology lets no request through between the two. */
  boolean notSupported() {
    return path.filter(known -> known.mapType() == P2pMapType.NOT_SUPPORTED).isPresent();
  }

  boolean atPhysical() {
    return dmaAddr == physAddr;
  }

  /**
   * The pieces of a new mapping that are peer memory. Of a merged list none: which segment an entry
   * became is not in the event.
   */
  static List<PeerEntry> of(Transition t) {
    MappedObject object = t.object();
    if (t.op() == Op.MAP) {
      return with(List.of(), t, object.physAddr(), t.dmaAddr(), t.sizeBytes());
    }
    List<PeerEntry> entries = List.of();
    if (t.nents() == t.ents()) {
      int traced = Math.min(object.rangeCount(), object.physAddrs().size());
      for (int i = 0; i < traced; i++) {
        entries =
            with(
                entries,
                t,
                object.physAddrs().at(i),
                object.range(i).addr(),
                object.range(i).sizeBytes());
      }
    }
    return entries;
  }

  private static List<PeerEntry> with(
      List<PeerEntry> entries, Transition t, long physAddr, long dmaAddr, long sizeBytes) {
    RigFacts rig = t.state().rig();
    Optional<PeerMemory.Owner> owner = rig.peers().owner(physAddr);
    String client = t.device().name();
    if (owner.isEmpty() || owner.get().device().equals(client)) {
      return entries;
    }
    List<PeerEntry> more = entries.isEmpty() ? new ArrayList<>(4) : entries;
    more.add(
        new PeerEntry(
            owner.get(),
            physAddr,
            dmaAddr,
            sizeBytes,
            Runs.cover(t.runs(), dmaAddr),
            rig.topology().path(owner.get().device(), client)));
    return more;
  }

  /** The manifest leaves nothing open about the path between the two. */
  static Premise pathKnown(RigFacts rig, String provider, String client) {
    String bridge = acsUnknown(rig, provider);
    bridge = bridge.isEmpty() ? acsUnknown(rig, client) : bridge;
    if (!bridge.isEmpty()) {
      return new Premise.Given(false, Doubt.of(Reason.ACS_UNKNOWN, bridge));
    }
    return Premise.given(rig.manifest().cpu().isPresent(), Reason.CPU_UNKNOWN);
  }

  /** The first function on the way up whose ACS is not known. */
  private static String acsUnknown(RigFacts rig, String device) {
    String at = device;
    for (int steps = 0; steps <= rig.manifest().devices().size(); steps++) {
      Optional<RigDevice> function = rig.manifest().device(at);
      if (function.isEmpty()) {
        return "";
      }
      if (function.get().pci().flatMap(PciFunction::acs).isEmpty()) {
        return at;
      }
      at = function.get().parent();
    }
    return "";
  }
}
