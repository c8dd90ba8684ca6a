package io.dmascope.model.predict;

import io.dmascope.model.event.DmaMap;
import io.dmascope.model.event.DmaMapSg;
import io.dmascope.model.event.EventHeader;
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
  private final boolean translated;

  public RecordedInputs(CaptureParameters parameters) {
    this.granule = parameters.granule();
    this.translated = parameters.translated();
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

  /**
   * The pages of coherent memory, as far as the capture tells where they lie: its page-table runs,
   * or the DMA address where that is the memory's own.
   */
  public Optional<PhysList> ofCoherent(EventHeader header, long dmaAddr, long sizeBytes) {
    long start = dmaAddr & -granule;
    long end = (dmaAddr + sizeBytes + granule - 1) & -granule;
    TaskTrail.Runs runs = trail.takeRuns(header, start, end);
    PhysList memory = new PhysList();
    if (!runs.isEmpty()) {
      runs.runs().forEach(run -> memory.add(run.physAddr(), run.sizeBytes()));
    } else if (!translated && sizeBytes > 0) {
      memory.add(start, end - start);
    }
    return memory.size() == 0 ? Optional.empty() : Optional.of(memory);
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
