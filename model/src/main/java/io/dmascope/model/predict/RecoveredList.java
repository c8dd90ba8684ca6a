package io.dmascope.model.predict;

import io.dmascope.model.backend.PageTableRun;
import io.dmascope.model.event.DmaMapSg;
import io.dmascope.model.scatterlist.PhysList;
import java.util.List;
import java.util.Optional;

/** What went into a recorded {@code dma_map_sg}, for those who ask list by list. */
public final class RecoveredList {
  private RecoveredList() {}

  /**
   * Returns the list with the lengths of its entries; empty where the event and the page-table runs
   * do not determine them.
   *
   * @param granule smallest page of the domain in bytes
   */
  public static Optional<PhysList> of(DmaMapSg event, List<PageTableRun> runs, long granule) {
    return SgInputs.recover(event, runs, granule) instanceof SgInputs.Result.Known(var list, var _)
        ? Optional.of(list)
        : Optional.empty();
  }
}
