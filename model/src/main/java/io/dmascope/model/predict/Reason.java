package io.dmascope.model.predict;

/** Why a recorded map could not be predicted; none of them says that the model was wrong. */
public enum Reason {
  TRUNCATED("the list is truncated, and its iommu:map events do not tell the lengths"),
  NO_PAGE_TABLE_EVENTS("merged, and the capture has no iommu:map of it that tells the lengths"),
  AMBIGUOUS_INPUT("the iommu:map events can be read in more than one way"),
  RUNS_DO_NOT_FIT("its iommu:map events are not those of this list: some were lost, or not seen"),
  GRANULE_UNKNOWN(
      "its iommu:map events do not fit pages of 4 KiB; the IOMMU's page size is neither recorded"
          + " nor shown [supply=pageSizeBytes]"),
  OUTSIDE_POOL("bounced into memory outside the known pool: another one, or one that grew"),
  EMPTY_LIST("the list is empty"),
  FAILED_CALL("the call failed; which limit it met is not recorded"),
  PEER_MEMORY("an entry is peer memory, whose path is not recorded"),
  NO_BACKEND("neither translated, bounced nor where the memory is: no backend known");

  private final String sentence;

  Reason(String sentence) {
    this.sentence = sentence;
  }

  public String sentence() {
    return sentence;
  }
}
