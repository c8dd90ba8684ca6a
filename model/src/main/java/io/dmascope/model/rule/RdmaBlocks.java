package io.dmascope.model.rule;

import io.dmascope.model.consumer.RdmaPageSize;
import io.dmascope.model.event.ProbeEvent.RdmaRegion;
import io.dmascope.model.finding.Reason;
import io.dmascope.model.finding.Severity;
import io.dmascope.model.mapping.EventCounts.Family;
import io.dmascope.model.mapping.Op;
import io.dmascope.model.mapping.Premise;
import io.dmascope.model.mapping.Transition;
import java.util.List;

/** RDM-001: a memory region has the best page size, and a block for each of its pages. */
@RuleInfo(
    id = "RDM-001",
    title = "RDMA region with the wrong pages",
    severity = Severity.ERROR,
    on = Op.RDMA_REGION,
    needs = Family.RDMA_REGION,
    kernelSource = "drivers/infiniband/core/umem.c ib_umem_find_best_pgsz()",
    confidenceNotes =
        "certain for a size that cannot describe the region and for wrong blocks; a smaller size"
            + " than possible is suspect, since drivers may have limits of their own")
final class RdmaBlocks implements Rule {
  @Override
  public void inspect(Transition t, Findings out) {
    RdmaRegion region = (RdmaRegion) t.probe();
    RdmaPageSize sizes =
        new RdmaPageSize(
            region.dmaAddrs(),
            region.lengths(),
            region.address(),
            region.sizeBytes(),
            region.iova());
    long best = sizes.best(region.pageSizeBitmap());
    int comparison = Long.compareUnsigned(region.pageSize(), best);
    boolean offered = region.pageSize() == 0 || (region.pageSize() & region.pageSizeBitmap()) != 0;
    if (!offered || Long.bitCount(region.pageSize()) > 1) {
      out.report(
          this,
          List.of(),
          "the page size is none that the driver offered " + facts(region, best),
          List.of());
    } else if (comparison > 0) {
      out.report(
          this,
          List.of(),
          "the page size cannot describe the region " + facts(region, best),
          List.of());
    } else if (comparison < 0) {
      out.report(
          this,
          Severity.INFO,
          List.of(Premise.unknowable(Reason.OWN_LIMITS)),
          "a larger page size describes the region, too " + facts(region, best),
          List.of());
    }
    if (comparison <= 0 && Long.bitCount(region.pageSize()) == 1 && !region.blocks().isEmpty()) {
      int wrong = sizes.firstWrongBlock(region.pageSize(), region.blocks());
      if (wrong >= 0) {
        out.report(
            this,
            List.of(),
            "the blocks do not describe the region [block=%d] [blocks=%d] [expected=%s] %s"
                .formatted(
                    wrong,
                    region.blocks().size(),
                    Long.toUnsignedString(sizes.blockCount(region.pageSize())),
                    facts(region, best)),
            List.of());
      }
    }
  }

  private static String facts(RdmaRegion region, long best) {
    return "[page_size=0x%x] [best=0x%x] [bitmap=0x%x] [iova=0x%x] [size=%s]"
        .formatted(
            region.pageSize(),
            best,
            region.pageSizeBitmap(),
            region.iova(),
            Long.toUnsignedString(region.sizeBytes()));
  }
}
