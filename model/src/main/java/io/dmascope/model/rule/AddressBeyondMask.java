package io.dmascope.model.rule;

import io.dmascope.model.finding.Reason;
import io.dmascope.model.finding.Severity;
import io.dmascope.model.mapping.Addresses;
import io.dmascope.model.mapping.DeviceRig;
import io.dmascope.model.mapping.EventCounts.Family;
import io.dmascope.model.mapping.MappedObject;
import io.dmascope.model.mapping.Op;
import io.dmascope.model.mapping.Premise;
import io.dmascope.model.mapping.Range;
import io.dmascope.model.mapping.Transition;
import io.dmascope.model.p2p.PeerMemory;
import java.util.List;

/** DMA-MAP-012: a device was given an address that it cannot produce. */
@RuleInfo(
    id = "DMA-MAP-012",
    title = "DMA address beyond the device's mask",
    severity = Severity.ERROR,
    on = {Op.MAP, Op.MAP_SG, Op.ALLOC},
    needs = {Family.SINGLE, Family.SG, Family.ALLOC},
    facts = Fact.DMA_MASK,
    kernelSource = "kernel/dma/direct.h dma_capable()",
    kernelMessage = "DMA addr %pad+%zu overflow (mask %llx, bus limit %llx).",
    confidenceNotes =
        "suspect where the mask is the manifest's and no driver was bound when it was made: the"
            + " driver sets the mask as it probes; addresses of peer memory are left alone")
final class AddressBeyondMask implements Rule {
  @Override
  public void inspect(Transition t, Findings out) {
    DeviceRig rig = t.state().rig().of(t.device());
    boolean alloc = t.op() == Op.ALLOC;
    // What the capture prints is the mask at that moment, the manifest's is one of another moment.
    boolean traced = !alloc && t.device().tracedDmaMask() != 0;
    long mask = traced ? t.device().tracedDmaMask() : alloc ? rig.coherentMask() : rig.dmaMask();
    if (mask == 0) {
      return;
    }
    long busLimit = rig.busLimitAddr();
    long limit = busLimit != 0 && Long.compareUnsigned(busLimit, mask) < 0 ? busLimit : mask;
    for (int i = 0; i < t.object().rangeCount(); i++) {
      Range range = t.object().range(i);
      if (Long.compareUnsigned(range.lastAddr(), limit) > 0 && !ofPeer(t, i)) {
        out.report(
            this,
            List.of(Premise.given(traced || rig.driverBound(), Reason.NO_DRIVER_BOUND)),
            "%s beyond what the device can address %s [limit=%s]"
                .formatted(
                    alloc ? "allocated" : "mapped",
                    Evidence.where(range.addr(), range.sizeBytes()),
                    Addresses.hex(limit)),
            List.of());
        return;
      }
    }
  }

  /** Where bridges move addresses, only the physical one tells that memory is a peer's. */
  private static boolean ofPeer(Transition t, int entry) {
    PeerMemory peers = t.state().rig().peers();
    MappedObject object = t.object();
    if (t.op() == Op.MAP) {
      return peers.owner(object.physAddr()).isPresent();
    }
    boolean oneToOne = t.op() == Op.MAP_SG && t.ents() == t.nents();
    long addr =
        oneToOne && entry < object.physAddrs().size()
            ? object.physAddrs().at(entry)
            : object.range(entry).addr();
    return peers.owner(addr).isPresent();
  }
}
