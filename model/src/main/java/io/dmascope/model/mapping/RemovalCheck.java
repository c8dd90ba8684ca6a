package io.dmascope.model.mapping;

import io.dmascope.model.event.DmaDirection;

/* hot path */
/** Has removals of page-table entries judged, once it is known whose they are. */
final class RemovalCheck extends ReplayStep {
  RemovalCheck(ReplayContext context) {
    super(context);
  }

  /**
   * {@code claimant} is the device whose unmap the removal belongs to; null where none is known.
   */
  void judge(Tasks.Removal removal, Device claimant) {
    begin(Op.IOMMU_UNMAP, removal.header(), claimant, null, DmaDirection.UNKNOWN);
    t.dmaAddr = removal.iova();
    t.sizeBytes = removal.sizeBytes();
    t.removal = removal;
    t.removalClaimed = claimant != null;
    judge();
  }
}
