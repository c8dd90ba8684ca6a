package io.dmascope.model.rule;

import io.dmascope.model.backend.PageTableRun;
import io.dmascope.model.event.DmaMapSg;
import io.dmascope.model.event.U64List;
import io.dmascope.model.mapping.MappedObject;
import io.dmascope.model.mapping.Tasks;
import io.dmascope.model.mapping.Transition;
import io.dmascope.model.predict.RecoveredList;
import io.dmascope.model.scatterlist.PhysList;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What the rules about merging ask of a mapped list. */
final class SgMerge {
  private SgMerge() {}

  /** The entries that went in, with their lengths; empty where they cannot be told. */
  static Optional<PhysList> inputs(Transition t) {
    if (t.runs().isEmpty() || t.bounce() != null) {
      return Optional.empty();
    }
    List<PageTableRun> runs = new ArrayList<>(t.runs().size());
    for (Tasks.Run run : t.runs()) {
      runs.add(new PageTableRun(run.iova(), run.physAddr(), run.sizeBytes()));
    }
    return RecoveredList.of(event(t), runs, t.state().granule());
  }

  /** True where an entry is memory of a PCI device, which keeps its bus address or does not. */
  static boolean hasPeerMemory(Transition t) {
    U64List physAddrs = t.object().physAddrs();
    for (int i = 0; i < physAddrs.size(); i++) {
      if (t.state().rig().peers().owner(physAddrs.at(i)).isPresent()) {
        return true;
      }
    }
    return false;
  }

  static long longest(PhysList list) {
    long longest = 0;
    for (int i = 0; i < list.size(); i++) {
      longest = Math.max(longest, list.length(i));
    }
    return longest;
  }

  private static DmaMapSg event(Transition t) {
    MappedObject list = t.object();
    long[] dmaAddrs = new long[list.rangeCount()];
    long[] lengths = new long[list.rangeCount()];
    for (int i = 0; i < list.rangeCount(); i++) {
      dmaAddrs[i] = list.range(i).addr();
      lengths[i] = list.range(i).sizeBytes();
    }
    return new DmaMapSg(
        t.header(),
        list.device().name(),
        t.direction(),
        t.nents(),
        t.ents(),
        list.physAddrs(),
        U64List.wrap(dmaAddrs),
        U64List.wrap(lengths),
        t.attrs());
  }
}
