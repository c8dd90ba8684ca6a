package io.dmascope.model.rule;

import io.dmascope.model.finding.Severity;
import io.dmascope.model.mapping.Addresses;
import io.dmascope.model.mapping.EventCounts.Family;
import io.dmascope.model.mapping.MappedObject;
import io.dmascope.model.mapping.Op;
import io.dmascope.model.mapping.Sign;
import io.dmascope.model.mapping.Transition;
import java.util.List;

/** SWT-002: a bounce buffer that is too large, or has lost address bits that it must keep. */
@RuleInfo(
    id = "SWT-002",
    title = "bounce buffer too large or misaligned",
    severity = Severity.WARNING,
    on = {Op.MAP, Op.MAP_SG},
    signs = Sign.UNEXPLAINED_ADDRESS,
    needs = Family.BOUNCE,
    facts = Fact.MIN_ALIGN,
    kernelSource = "kernel/dma/swiotlb.c swiotlb_tbl_map_single()",
    confidenceNotes =
        "always certain: asked of bounced mappings without an IOMMU, whose DMA address is the"
            + " slot's; of lists where the manifest tells BARs, since entries of a peer's memory"
            + " have another address, too")
final class BounceSlotWrong implements Rule {
  /** 128 slots of 2 KiB, IO_TLB_SEGSIZE << IO_TLB_SHIFT. */
  private static final long SLOT_SET_BYTES = 256 << 10;

  @Override
  public void inspect(Transition t, Findings out) {
    MappedObject object = t.object();
    long mask = t.state().rig().of(t.device()).minAlignMask();
    if (mask == -1 || object.translation() != MappedObject.Translation.BOUNCED) {
      return;
    }
    if (t.op() == Op.MAP) {
      inspect(t, object.physAddr(), t.dmaAddr(), t.sizeBytes(), mask, out);
    } else if (t.ents() == t.nents() && Fact.BARS.possible(t.state().rig().manifest())) {
      for (int i = 0; i < Math.min(object.rangeCount(), object.physAddrs().size()); i++) {
        long physAddr = object.physAddrs().at(i);
        if (inspect(t, physAddr, object.range(i).addr(), object.range(i).sizeBytes(), mask, out)) {
          return;
        }
      }
    }
  }

  private boolean inspect(
      Transition t, long physAddr, long dmaAddr, long sizeBytes, long mask, Findings out) {
    // Entries of one list bounce or not, each by itself; peer memory, which never does, has its
    // address on the bus.
    if (dmaAddr == physAddr || t.state().rig().peers().owner(physAddr).isPresent()) {
      return false;
    }
    boolean tooLarge = Long.compareUnsigned(sizeBytes + (physAddr & mask), SLOT_SET_BYTES) > 0;
    boolean misaligned = ((physAddr ^ dmaAddr) & mask) != 0;
    if (!tooLarge && !misaligned) {
      return false;
    }
    out.report(
        this,
        List.of(),
        "%s %s [phys_addr=%s] [min_align_mask=0x%x]"
            .formatted(
                tooLarge
                    ? "a bounce buffer is larger than a set of slots"
                    : "a bounce buffer lost address bits that the device needs",
                Evidence.where(dmaAddr, sizeBytes),
                Addresses.hex(physAddr),
                mask),
        List.of(Evidence.at("bounced here", t.bounce().header())));
    return true;
  }
}
