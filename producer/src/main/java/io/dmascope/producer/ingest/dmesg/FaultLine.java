package io.dmascope.producer.ingest.dmesg;

import java.util.OptionalLong;

/**
 * An IOMMU fault that the kernel printed.
 *
 * @param place 1-based line of the log
 * @param stampNs of the log's clock; nothing where the line carries none
 * @param device {@code dev_name()}; empty where the IOMMU prints only a stream id
 * @param driver bound to the device; empty where the line does not tell
 * @param iova the address that was refused
 * @param flags as {@code iommu:io_page_fault} would print them: 1 for a write with AMD, else 0
 * @param accessKnown whether {@code write} means anything
 */
public record FaultLine(
    long place,
    OptionalLong stampNs,
    String device,
    String driver,
    long iova,
    int flags,
    boolean accessKnown,
    boolean write) {

  FaultLine withAccess(boolean isWrite) {
    return new FaultLine(place, stampNs, device, driver, iova, flags, true, isWrite);
  }
}
