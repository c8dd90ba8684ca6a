package io.dmascope.tables;

/** What a window counts, in the order of its columns. */
public enum Measure {
  MAPS("mappings", "mappings and allocations made"),
  UNMAPS("calls", "calls that ended or were to end one"),
  SYNCS("calls", "dma_sync_* of either target"),
  FAILURES("calls", "map and allocation calls that failed"),
  MAPPED_BYTES("bytes", "bytes of the mappings made"),
  ENTRIES_IN("entries", "scatterlist entries passed in (nents)"),
  ENTRIES_OUT("entries", "scatterlist entries that came back (ents)"),
  LIVE_MAPPINGS_MIN("mappings", "fewest live at once in the window"),
  LIVE_MAPPINGS_MAX("mappings", "most live at once in the window"),
  LIVE_MAPPINGS_LAST("mappings", "live at the window's end"),
  LIVE_BYTES_MIN("bytes", "fewest bytes live at once in the window"),
  LIVE_BYTES_MAX("bytes", "most bytes live at once in the window"),
  LIVE_BYTES_LAST(
      "bytes", "bytes live at the window's end; of kind coherent: coherent memory held"),
  IOMMU_MAPS("calls", "page-table entries made: iommu:map events"),
  IOMMU_MAPPED_BYTES("bytes", "bytes of those"),
  IOMMU_UNMAPS("calls", "page-table entries removed: iommu:unmap events"),
  IOMMU_UNMAPPED_BYTES("bytes", "bytes of those"),
  BOUNCES("mappings", "mappings that went through swiotlb"),
  BOUNCED_BYTES("bytes", "bytes of those"),
  FAULTS("events", "IOMMU faults"),
  LOSSES("gaps", "places where the recording lost events"),
  LOST_EVENTS("events", "events lost there, where their number was recorded"),
  LATE_EVENTS("events", "events counted here although their own window was closed");

  private final String unit;
  private final String meaning;

  Measure(String unit, String meaning) {
    this.unit = unit;
    this.meaning = meaning;
  }

  Column column() {
    return Column.integer(Names.lower(this), unit, meaning);
  }

  /** The column's name. */
  public String key() {
    return Names.lower(this);
  }
}
