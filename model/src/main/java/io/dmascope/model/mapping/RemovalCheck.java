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

  /** Judges the removal for a right unmap where it is not of the block that the unmap names. */
  void judgeSize(Tasks.Removal removal, Device claimant, long dmaAddr, long sizeBytes) {
    long granule = state.granule();
    long first = Addresses.alignDown(dmaAddr, granule);
    long blockBytes = Addresses.alignDown(dmaAddr + sizeBytes - 1, granule) + granule - first;
    if (sizeBytes == 0 || (removal.iova() == first && removal.sizeBytes() == blockBytes)) {
      return;
    }
    begin(Op.IOMMU_UNMAP, removal.header(), claimant, null, DmaDirection.UNKNOWN);
    t.dmaAddr = removal.iova();
    t.sizeBytes = removal.sizeBytes();
    t.removal = removal;
    t.removalClaimed = true;
    t.blockBytes = blockBytes;
    judge();
  }
}
