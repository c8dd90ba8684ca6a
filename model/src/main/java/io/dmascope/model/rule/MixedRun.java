package io.dmascope.model.rule;

import io.dmascope.model.finding.Severity;
import io.dmascope.model.mapping.Addresses;
import io.dmascope.model.mapping.EventCounts.Family;
import io.dmascope.model.mapping.MappedObject;
import io.dmascope.model.mapping.Op;
import io.dmascope.model.mapping.Transition;
import io.dmascope.model.p2p.PeerMemory;
import java.util.List;
import java.util.Optional;

/** P2P-006: one entry is made of memory of two owners. */
@RuleInfo(
    id = "P2P-006",
    title = "entry spans memory of two owners",
    severity = Severity.ERROR,
    on = {Op.MAP, Op.MAP_SG},
    needs = {Family.SINGLE, Family.SG},
    facts = Fact.BARS,
    kernelSource = "lib/scatterlist.c pages_are_mergeable()",
    confidenceNotes =
        "always certain; asked of entries that went in as they came out, since the lengths of"
            + " merged ones are not traced")
final class MixedRun implements Rule {
  @Override
  public void inspect(Transition t, Findings out) {
    MappedObject object = t.object();
    if (t.op() == Op.MAP) {
      inspect(t, object.physAddr(), t.sizeBytes(), out);
      return;
    }
    if (t.nents() != t.ents()) {
      return;
    }
    for (int i = 0; i < Math.min(object.rangeCount(), object.physAddrs().size()); i++) {
      if (inspect(t, object.physAddrs().at(i), object.range(i).sizeBytes(), out)) {
        return;
      }
    }
  }

  private boolean inspect(Transition t, long physAddr, long sizeBytes, Findings out) {
    PeerMemory peers = t.state().rig().peers();
    Optional<PeerMemory.Owner> first = peers.owner(physAddr);
    Optional<PeerMemory.Owner> last = peers.owner(Addresses.last(physAddr, sizeBytes));
    if (sizeBytes == 0 || name(first).equals(name(last))) {
      return false;
    }
    out.report(
        this,
        List.of(),
        "an entry begins in %s and ends in %s [phys_addr=%s] [size=%s]"
            .formatted(
                words(first),
                words(last),
                Addresses.hex(physAddr),
                Long.toUnsignedString(sizeBytes)),
        List.of());
    return true;
  }

  private static String name(Optional<PeerMemory.Owner> owner) {
    return owner.map(PeerMemory.Owner::device).orElse("");
  }

  private static String words(Optional<PeerMemory.Owner> owner) {
    return owner.map(o -> "memory of " + o.device()).orElse("other memory");
  }
}
