package io.dmascope.model.event;

/**
 * A device touched an IOVA without translation: the {@code iommu:io_page_fault} tracepoint, or a
 * fault line of the kernel log placed in time.
 *
 * <p>A line of the kernel log is stamped by another clock than the trace. Where it was placed among
 * the events, {@code timeErrorNs} says how far the truth may lie from {@code header.timestampNs()}:
 * a verdict that needs "before" or "after" holds only against events that are farther away than
 * that.
 *
 * @param device may be {@code NULL} on arm-smmu v1/v2, or empty
 * @param driver empty where unknown
 * @param flags {@code IOMMU_FAULT_READ} 0 or {@code IOMMU_FAULT_WRITE} 1 (include/linux/iommu.h),
 *     or whatever the IOMMU's driver passes
 * @param write true for a write, where {@code accessKnown}
 * @param timeErrorNs 0 for the tracepoint; {@link #TIME_UNKNOWN} where the two clocks could not be
 *     joined, so that the place among the events says nothing
 */
public record IoPageFault(
    EventHeader header,
    String device,
    String driver,
    long iova,
    int flags,
    boolean accessKnown,
    boolean write,
    long timeErrorNs)
    implements TraceEvent {
  /**
   * Stands for the task of a fault that was read from a kernel log beside the capture; the header's
   * place is a line of that log.
   */
  public static final String KERNEL_LOG = "dmesg";

  /** Larger than every distance in time, so that no comparison with it can succeed. */
  public static final long TIME_UNKNOWN = Long.MAX_VALUE;

  private static final int IOMMU_FAULT_WRITE = 1;

  /**
   * The tracepoint's own fault. Its {@code driver} is the faulting device's, so nothing tells which
   * IOMMU it was; 1 is a write with all of them, while 0 is a read with some (AMD, arm-smmu) and
   * says nothing with others, which always pass it (omap, qcom).
   */
  public static IoPageFault traced(
      EventHeader header, String device, String driver, long iova, int flags) {
    boolean write = flags == IOMMU_FAULT_WRITE;
    return new IoPageFault(header, device, driver, iova, flags, write, write, 0);
  }
}
