package io.dmascope.model.whatif;

import io.dmascope.model.backend.BackendCounters;
import io.dmascope.model.scatterlist.EntryForm;
import java.util.EnumMap;
import java.util.Map;

/**
 * What a workload cost in one scenario.
 *
 * @param counters summed over the devices
 * @param iova what became of the address spaces; all zero without an IOMMU
 * @param slotsMax bounce slots in use at one time, at most
 * @param forms metadata of the lists, by the form they would be written in
 */
public record ScenarioResult(
    Scenario scenario,
    BackendCounters counters,
    IovaUse iova,
    long slotsMax,
    Map<EntryForm, FormCost> forms) {

  /**
   * I/O virtual address space, summed over the domains.
   *
   * @param peakBytes in use at one time, at most
   * @param heldBytes taken out of the allocator at one time, at most: used, rounded up, cached on
   *     CPUs or waiting for a flush
   * @param spanBytes from the lowest address handed out to the highest
   * @param staleNsMean how long the device could still reach unmapped memory, on average
   * @param staleNsMax the same, at worst
   */
  public record IovaUse(
      long peakBytes, long heldBytes, long spanBytes, long staleNsMean, long staleNsMax) {
    /** Share of the span that was never in use at one time, 0 to 1. */
    public double fragmentation() {
      return spanBytes == 0 ? 0 : 1.0 - (double) peakBytes / spanBytes;
    }
  }

  /**
   * What it takes to write lists down in one form and to work through them.
   *
   * @param metadataBytes of input and output together, summed over all lists
   * @param visits how often an entry is touched: built, mapped, read by the driver
   */
  public record FormCost(long metadataBytes, long visits) {
    FormCost plus(long bytes, long moreVisits) {
      return new FormCost(metadataBytes + bytes, visits + moreVisits);
    }
  }

  public ScenarioResult {
    forms = forms.isEmpty() ? Map.of() : Map.copyOf(new EnumMap<>(forms));
  }
}
