package io.dmascope.model.rule;

import io.dmascope.model.event.DmaDirection;
import io.dmascope.model.mapping.Addresses;
import io.dmascope.model.mapping.EventCounts.Family;
import io.dmascope.model.mapping.MappedObject;
import io.dmascope.model.mapping.Op;
import io.dmascope.model.mapping.Transition;
import io.dmascope.model.rig.MemoryRange;
import java.util.List;

/** Finds mappings of the kernel's own code and constants by the manifest's memory map. */
final class KernelImage {
  private static final long PAGE = 4096;

  private KernelImage() {}

  static void inspect(Rule rule, Transition t, Findings out) {
    MappedObject object = t.object();
    if (t.state().rig().memory().isEmpty()) {
      return;
    }
    if (t.op() == Op.MAP) {
      if (!t.state().counts().seen(Family.VIRTUAL_MAP)) {
        inspect(rule, t, object.physAddr(), t.sizeBytes(), out);
      }
      return;
    }
    boolean lengthsKnown = object.rangeCount() == object.physAddrs().size();
    for (int i = 0; i < object.physAddrs().size(); i++) {
      long size = lengthsKnown ? object.range(i).sizeBytes() : 1;
      if (inspect(rule, t, object.physAddrs().at(i), size, out)) {
        return;
      }
    }
  }

  private static boolean inspect(
      Rule rule, Transition t, long physAddr, long sizeBytes, Findings out) {
    MemoryRange at = t.state().rig().memory().at(physAddr);
    if (at == null || !image(at)) {
      at = t.state().rig().memory().at(Addresses.last(physAddr, sizeBytes));
    }
    if (at == null || !image(at) || mayBeZeroPage(t, at, physAddr, sizeBytes)) {
      return false;
    }
    out.report(
        rule,
        List.of(),
        "maps %s %s [phys_addr=%s]"
            .formatted(
                at.name().equals("Kernel code") ? "the kernel's text" : "the kernel's constants",
                Evidence.where(t),
                Addresses.hex(physAddr)),
        List.of());
    return true;
  }

  /** Filling a disk with zeroes maps one constant page over and over. */
  private static boolean mayBeZeroPage(
      Transition t, MemoryRange at, long physAddr, long sizeBytes) {
    return at.name().equals("Kernel rodata")
        && t.direction() == DmaDirection.TO_DEVICE
        && ((physAddr | sizeBytes) & (PAGE - 1)) == 0;
  }

  private static boolean image(MemoryRange range) {
    return range.name().equals("Kernel code") || range.name().equals("Kernel rodata");
  }
}
