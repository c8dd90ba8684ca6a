package io.dmascope.model.fault;

/** How a refused access relates to what is and was mapped. */
public enum FaultKind {
  /** The memory is mapped, but for the other direction. */
  AGAINST_DIRECTION("access against the mapping's direction"),
  /** The mapping had ended. */
  AFTER_UNMAP("access after the unmap"),
  /** The page after a live mapping, where nothing was mapped lately: it ran over the end. */
  PAST_END("access past the end of a mapping"),
  /** As far as the recording shows, nothing was ever mapped there. */
  NEVER_MAPPED("access to what was never mapped"),
  /** The log names no device, and several have or had the page mapped. */
  NO_DEVICE("access of a device that the fault does not name"),
  /** The mapping is live and allows the access, so that the recording cannot explain the fault. */
  ALLOWED("access that the recorded mapping allows");

  private final String title;

  FaultKind(String title) {
    this.title = title;
  }

  /** A noun phrase. */
  public String title() {
    return title;
  }
}
