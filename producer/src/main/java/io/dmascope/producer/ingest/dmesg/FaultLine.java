package io.dmascope.producer.ingest.dmesg;

import java.util.OptionalLong;

/**
 * An IOMMU fault that the kernel printed.
 *
 * @param place 1-based line of the log, of several the first
 * @param stampNs of the log's clock; nothing where the line carries none
 * @param device {@code dev_name()}; empty where the IOMMU prints only a stream id
 * @param driver bound to the device; empty where the line does not tell
 * @param iova the address that was refused
 * @param flags as {@code iommu:io_page_fault} would print them: 1 for a write with AMD, else 0
 * @param accessKnown whether {@code write} means anything
 * @param meaning what follows from it
 * @param reason why the IOMMU refused it, in the kernel's words; may be empty
 */
public record FaultLine(
    long place,
    OptionalLong stampNs,
    String device,
    String driver,
    long iova,
    int flags,
    boolean accessKnown,
    boolean write,
    Meaning meaning,
    String reason) {

  /** What a fault says about mappings. */
  public enum Meaning {
    /** The page is not mapped, or not for this access. */
    PAGE,
    /**
     * The IOMMU refused before it looked for a page: the device has no entry in its tables, or
     * these are broken. Nothing follows about mappings.
     */
    NO_LOOKUP,
    /** The address is one of a process (PASID, substream), and none of the DMA API. */
    USER_MEMORY
  }

  static FaultLine of(KernelLogLine line, long iova, String reason) {
    return new FaultLine(
        line.place(), line.stampNs(), "", "", iova, 0, false, false, Meaning.PAGE, reason);
  }

  FaultLine from(String name, String boundDriver) {
    return new FaultLine(
        place, stampNs, name, boundDriver, iova, flags, accessKnown, write, meaning, reason);
  }

  FaultLine withAccess(boolean isWrite) {
    return new FaultLine(
        place, stampNs, device, driver, iova, flags, true, isWrite, meaning, reason);
  }

  FaultLine withFlags(int printed) {
    return new FaultLine(
        place, stampNs, device, driver, iova, printed, accessKnown, write, meaning, reason);
  }

  FaultLine meaning(Meaning other) {
    return new FaultLine(
        place, stampNs, device, driver, iova, flags, accessKnown, write, other, reason);
  }

  FaultLine because(String words) {
    return new FaultLine(
        place, stampNs, device, driver, iova, flags, accessKnown, write, meaning, words);
  }
}
