package io.dmascope.model.mapping;

import io.dmascope.model.event.DmaAddress;
import io.dmascope.model.event.DmaMap;
import io.dmascope.model.finding.MappingKind;

/* hot path */
/** {@code dma_map_phys} and its forerunners {@code dma_map_page} and {@code dma_map_resource}. */
final class MapEvents extends ReplayStep {
  private final NewObjects made;

  MapEvents(ReplayContext context, NewObjects made) {
    super(context);
    this.made = made;
  }

  Device apply(DmaMap map) {
    Device device = used(map.device());
    MappingKind kind = MappingKinds.of(map.api(), map.attrs());
    Tasks.Bounce bounce = takeBounce(map.header(), map.device());
    if (map.dmaAddr() == DmaAddress.ERROR) {
      begin(Op.MAP_FAILED, map.header(), device, kind, map.direction());
      t.dmaAddr = map.dmaAddr();
      t.sizeBytes = map.sizeBytes();
      t.bounce = bounce;
      judge();
      return failed(device);
    }
    MappedObject object =
        state
            .mappings()
            .addSingle(
                device,
                kind,
                map.direction(),
                map.attrs(),
                map.dmaAddr(),
                map.sizeBytes(),
                map.physAddr(),
                map.header());
    begin(Op.MAP, map.header(), device, kind, map.direction());
    t.attrs = map.attrs();
    t.attrsTraced = true;
    t.bounce = bounce;
    made.complete(object, map.physAddr() == map.dmaAddr());
    if (state.counts().seen(EventCounts.Family.MAPPING_ERROR_CHECK)) {
      state.probes().unchecked().made(device, map.dmaAddr(), map.header());
    }
    judge();
    return device;
  }
}
