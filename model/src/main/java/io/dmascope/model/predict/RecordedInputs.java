package io.dmascope.model.predict;

import io.dmascope.model.event.DmaMap;
import io.dmascope.model.event.DmaMapSg;
import io.dmascope.model.event.EventsLost;
import io.dmascope.model.event.IommuMap;
import io.dmascope.model.event.SwiotlbBounce;
import io.dmascope.model.event.TraceEvent;
import io.dmascope.model.scatterlist.PhysList;
import java.util.Optional;

/**
 * What drivers handed to the DMA API, as far as a capture tells. Every event is applied first; then
 * a map can be asked for, once.
 */
public final class RecordedInputs {
  private final TaskTrail trail = new TaskTrail();
  private final long granule;

  public RecordedInputs(CaptureParameters parameters) {
    this.granule = parameters.granule();
  }

  /** Remembers what a later map may need. */
  public void apply(TraceEvent event) {
    switch (event) {
      case IommuMap map -> trail.add(map);
      case SwiotlbBounce bounce -> trail.add(bounce);
      case EventsLost _ -> trail.clear();
      default -> {}
    }
  }

  /** The memory of a single map; empty where it is longer than a list's entry can be. */
  public Optional<PhysList> of(DmaMap map) {
    MapEvidence.of(map, trail, granule);
    return map.sizeBytes() <= 0 || map.sizeBytes() > 0xffffffffL
        ? Optional.empty()
        : Optional.of(new PhysList().add(map.physAddr(), map.sizeBytes()));
  }

  /** The entries of a list; empty where their lengths cannot be recovered. */
  public Optional<PhysList> of(DmaMapSg map) {
    MapEvidence evidence = MapEvidence.of(map, trail, granule);
    return SgInputs.recover(map, evidence.runs(), granule)
            instanceof SgInputs.Result.Known(PhysList list, long _)
        ? Optional.of(list)
        : Optional.empty();
  }
}
