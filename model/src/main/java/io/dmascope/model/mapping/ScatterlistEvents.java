package io.dmascope.model.mapping;

import io.dmascope.model.event.DmaMapSg;
import io.dmascope.model.event.DmaMapSgError;
import io.dmascope.model.event.DmaUnmapSg;
import io.dmascope.model.event.U64List;
import io.dmascope.model.finding.MappingKind;
import java.util.List;

/* hot path */
/** {@code dma_map_sg}, {@code dma_unmap_sg}, and the first one failing. */
final class ScatterlistEvents extends ReplayStep {
  private final NewObjects made;
  private final EndedObjects ended;

  ScatterlistEvents(ReplayContext context, NewObjects made, EndedObjects ended) {
    super(context);
    this.made = made;
    this.ended = ended;
  }

  Device apply(DmaMapSg map) {
    Device device = used(map.device());
    Tasks.Bounce bounce = takeBounce(map.header(), map.device());
    device.sgEntriesIn += map.fullNents();
    device.sgEntriesOut += map.fullEnts();
    MappedList list = state.mappings().addList(device, map);
    begin(Op.MAP_SG, map.header(), device, MappingKind.SCATTER_GATHER, map.direction());
    t.nents = map.fullNents();
    t.ents = map.fullEnts();
    t.attrs = map.attrs();
    t.attrsTraced = true;
    t.bounce = bounce;
    boolean direct = map.fullNents() == map.fullEnts() && map.physAddrs().equals(map.dmaAddrs());
    made.complete(list, direct);
    if (map.direction().deviceWrites()) {
      t.twin = state.mappings().lists().twin(list);
    }
    judge();
    return device;
  }

  Device apply(DmaUnmapSg unmap) {
    Device device = used(unmap.device());
    U64List physAddrs = unmap.physAddrs();
    begin(Op.UNMAP_SG, unmap.header(), device, MappingKind.SCATTER_GATHER, unmap.direction());
    t.attrs = unmap.attrs();
    t.attrsTraced = true;
    t.physAddrs = physAddrs;
    t.nents = physAddrs.size();
    LiveMappings mappings = state.mappings();
    MappedList list = mappings.lists().matchList(device.id(), unmap.direction(), physAddrs);
    if (list == null && !physAddrs.isEmpty()) {
      MappedList longer =
          mappings.lists().matchListBeginning(device.id(), unmap.direction(), physAddrs);
      list = longer == null || mayBeAnother(longer) ? null : longer;
    }
    t.object = list;
    device.addressSpaceTorn |=
        device.translated() && (list == null || list.nents() != physAddrs.size());
    if (list == null) {
      t.formerList =
          physAddrs.isEmpty() ? null : mappings.lists().releasedList(device.id(), physAddrs);
      if (t.formerList == null) {
        device.unseenUnmaps++;
      } else {
        t.dmaAddr = t.formerList.dmaAddr();
        t.sizeBytes = t.formerList.sizeBytes();
        ended.close(t.formerList, true);
      }
    } else {
      t.dmaAddr = list.dmaAddr();
      t.sizeBytes = list.sizeBytes();
      ended.close(list, physAddrs.size() != list.nents());
      endList(list, physAddrs.size());
    }
    judge();
    return device;
  }

  Device apply(DmaMapSgError error) {
    return failed(device(error.device()));
  }

  /**
   * An unmap with too few entries ends as many mapped entries as it names; dma-debug keeps the
   * others.
   */
  private void endList(MappedList list, int nents) {
    if (nents >= list.ents()) {
      ended.release(list);
    } else {
      state.mappings().releaseEntries(list, 0, nents, t.header);
    }
  }

  /**
   * One page many times is the page of zeroes, of which any number of lists may be under way: one
   * that was mapped before the recording began is no wrong unmap of another.
   */
  private boolean mayBeAnother(MappedList list) {
    U64List physAddrs = list.physAddrs();
    return physAddrs.size() > 1
        && physAddrs.at(0) == physAddrs.at(1)
        && state
            .weighing()
            .doubt(List.of(new Premise.NeverMade(list.device(), t.noPageTableRemoval)))
            .isPresent();
  }
}
