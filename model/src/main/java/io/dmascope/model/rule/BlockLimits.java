package io.dmascope.model.rule;

import io.dmascope.model.event.ProbeEvent.BlockRequest;
import io.dmascope.model.finding.Severity;
import io.dmascope.model.mapping.Addresses;
import io.dmascope.model.mapping.EventCounts.Family;
import io.dmascope.model.mapping.Op;
import io.dmascope.model.mapping.Transition;
import java.util.List;

/** DMA-BIO-002: a request's segments keep within the limits of their queue. */
@RuleInfo(
    id = "DMA-BIO-002",
    title = "block request beyond the limits of its queue",
    severity = Severity.ERROR,
    on = Op.BLOCK_REQUEST,
    needs = Family.BLOCK_REQUEST,
    kernelSource = "block/blk-merge.c bvec_split_segs()",
    confidenceNotes = "always certain: the limits are recorded with the request")
final class BlockLimits implements Rule {
  @Override
  public void inspect(Transition t, Findings out) {
    BlockRequest request = (BlockRequest) t.probe();
    int segments = request.physAddrs().size();
    if (request.maxSegments() > 0 && segments > request.maxSegments()) {
      out.report(
          this,
          List.of(),
          "a request has more segments than its queue takes [segments=%d] [max_segments=%d]"
              .formatted(segments, request.maxSegments()),
          List.of());
      return;
    }
    for (int i = 0; i < segments; i++) {
      String wrong = wrong(request, i);
      if (!wrong.isEmpty()) {
        out.report(
            this,
            List.of(),
            "a segment %s [segment=%d] [phys_addr=%s] [length=%s]"
                .formatted(
                    wrong,
                    i,
                    Addresses.hex(request.physAddrs().at(i)),
                    Long.toUnsignedString(request.lengths().at(i))),
            List.of());
        return;
      }
    }
  }

  private static String wrong(BlockRequest request, int segment) {
    long addr = request.physAddrs().at(segment);
    long length = request.lengths().at(segment);
    if (request.maxSegmentSize() != 0
        && Long.compareUnsigned(length, request.maxSegmentSize()) > 0) {
      return "is longer than its queue takes [max_segment_size=%s]"
          .formatted(Long.toUnsignedString(request.maxSegmentSize()));
    }
    long boundary = request.segBoundaryMask();
    if (boundary != 0 && ((addr ^ Addresses.last(addr, length)) & ~boundary) != 0) {
      return "crosses a boundary of its queue [seg_boundary_mask=%s]"
          .formatted(Addresses.hex(boundary));
    }
    long previousEnd =
        segment == 0 ? 0 : request.physAddrs().at(segment - 1) + request.lengths().at(segment - 1);
    // block/blk.h __bvec_gap_to_prev(): the one must end and the other begin on the boundary.
    return segment > 0 && ((previousEnd | addr) & request.virtBoundaryMask()) != 0
        ? "leaves a gap behind the one before it [virt_boundary_mask=%s]"
            .formatted(Addresses.hex(request.virtBoundaryMask()))
        : "";
  }
}
