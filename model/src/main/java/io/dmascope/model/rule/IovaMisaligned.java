package io.dmascope.model.rule;

import io.dmascope.model.finding.Severity;
import io.dmascope.model.mapping.Addresses;
import io.dmascope.model.mapping.EventCounts.Family;
import io.dmascope.model.mapping.Op;
import io.dmascope.model.mapping.Sign;
import io.dmascope.model.mapping.Tasks;
import io.dmascope.model.mapping.Transition;
import java.util.List;

/** IOV-005: the address allocator gives every block out at a multiple of its rounded size. */
@RuleInfo(
    id = "IOV-005",
    title = "IOVA block is not naturally aligned",
    severity = Severity.WARNING,
    on = {Op.MAP, Op.MAP_SG, Op.ALLOC},
    signs = Sign.PAGE_TABLE_RUNS,
    needs = Family.IOMMU,
    kernelSource = "drivers/iommu/iova.c alloc_iova_fast()",
    confidenceNotes =
        "always certain: asked of blocks whose page-table runs lie side by side, and never after"
            + " events were lost")
final class IovaMisaligned implements Rule {
  @Override
  public void inspect(Transition t, Findings out) {
    List<Tasks.Run> runs = t.runs();
    // A run that was lost, or forgotten, makes a block look shorter than it is.
    if (runs.isEmpty() || t.state().losses().any() || t.state().tasks().runsDropped()) {
      return;
    }
    long bytes = Runs.blockBytes(runs);
    long first = runs.getFirst().iova();
    if (bytes <= 0 || (first & (roundUpToPowerOfTwo(bytes) - 1)) == 0) {
      return;
    }
    // A recording that began in the middle of the call lacks the first runs of the block.
    if (first != Addresses.alignDown(t.dmaAddr(), Addresses.IOMMU_GRANULE)) {
      return;
    }
    out.report(
        this,
        List.of(),
        "the IOVA block does not begin at a multiple of its size %s [iova=%s] [block_size=%d]"
            .formatted(Evidence.where(t), Addresses.hex(first), bytes),
        List.of(Evidence.at("page table made here", runs.getFirst().header())));
  }

  private static long roundUpToPowerOfTwo(long bytes) {
    long highest = Long.highestOneBit(bytes);
    return highest == bytes ? bytes : highest << 1;
  }
}
