package io.dmascope.model.mapping;

import io.dmascope.model.event.DmaUnmap;
import io.dmascope.model.finding.MappingKind;

/* hot path */
/**
 * {@code dma_unmap_phys} and its forerunners {@code dma_unmap_page} and {@code dma_unmap_resource}.
 */
final class UnmapEvents extends ReplayStep {
  private final EndedObjects ended;
  private final RemovalCheck removals;

  UnmapEvents(ReplayContext context, EndedObjects ended, RemovalCheck removals) {
    super(context);
    this.ended = ended;
    this.removals = removals;
  }

  Device apply(DmaUnmap unmap) {
    MappingKind kind = MappingKinds.of(unmap.api(), unmap.attrs());
    long dmaAddr = unmap.dmaAddr();
    long sizeBytes = unmap.sizeBytes();
    Device device = used(unmap.device());
    begin(Op.UNMAP, unmap.header(), device, kind, unmap.direction());
    t.attrs = unmap.attrs();
    t.attrsTraced = true;
    Tasks.Removal removal =
        state.counts().seen(EventCounts.Family.IOMMU)
            ? state
                .tasks()
                .takeRemoval(
                    unmap.header(),
                    Addresses.alignDown(dmaAddr, Addresses.IOMMU_GRANULE),
                    Addresses.last(dmaAddr, Math.max(sizeBytes, 1)))
            : null;
    // What an unmap of something unseen removed may have been more than it named: page tables know
    // whole pages.
    t.noPageTableRemoval = removal == null && device.translated() && device.unseenUnmaps == 0;
    if (state.counts().seen(EventCounts.Family.MAPPING_ERROR_CHECK)) {
      t.unchecked = state.probes().unchecked().ended(device, dmaAddr);
      t.alone = t.unchecked != null && state.mappings().startingAt(device.id(), dmaAddr) == 1;
    }
    ended.end(
        dmaAddr, sizeBytes, removal == null ? LiveMappings.NONE : removal.header().sequence());
    boolean sound =
        t.object != null
            && !t.object.torn()
            && t.range.sizeBytes() == sizeBytes
            && t.object.kind() == kind;
    judge();
    if (removal != null && sound) {
      if (removal.hole()) {
        removals.judge(removal, device);
      } else {
        removals.judgeSize(removal, device, dmaAddr, sizeBytes);
      }
    }
    return device;
  }
}
