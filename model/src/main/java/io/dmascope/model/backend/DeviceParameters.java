package io.dmascope.model.backend;

import java.util.List;
import java.util.Objects;

/**
 * What the DMA layer knows of a device: {@code struct device_dma_parameters} and the fields of
 * {@code struct device} that decide what a mapping becomes.
 *
 * @param name e.g. {@code 0000:03:00.0}
 * @param dmaMask highest address the device can produce; never 0
 * @param busDmaLimit the same of the bus, 0 where there is no such limit
 * @param maxSegmentSize {@code dma_get_max_seg_size()}, an unsigned 32-bit value; 0 becomes the
 *     default
 * @param segmentBoundaryMask {@code dma_get_seg_boundary()}, 2^n - 1; 0 becomes no boundary
 * @param minAlignMask {@code dma_get_min_align_mask()}: address bits that bouncing must keep
 * @param coherent true where caches need no maintenance
 * @param pci true for a PCI device, which is given addresses below 4 GiB first
 * @param untrusted true for a device behind an external port, which sees no unaligned memory
 * @param dmaRanges CPU to bus translation; empty where addresses are the same
 */
public record DeviceParameters(
    String name,
    long dmaMask,
    long busDmaLimit,
    long maxSegmentSize,
    long segmentBoundaryMask,
    int minAlignMask,
    boolean coherent,
    boolean pci,
    boolean untrusted,
    List<DmaRange> dmaRanges) {

  /** {@code dma_get_max_seg_size()} of a device whose driver did not set it. */
  public static final long DEFAULT_MAX_SEGMENT_SIZE = 0x10000;

  /** What the PCI core sets as segment boundary (drivers/pci/probe.c pci_device_add()). */
  public static final long PCI_SEGMENT_BOUNDARY_MASK = 0xffffffffL;

  /** {@code dma_get_seg_boundary()} of a device without {@code dma_parms}. */
  public static final long NO_SEGMENT_BOUNDARY_MASK = -1L;

  /** A row of the firmware's {@code dma-ranges}: where CPU addresses lie on the bus. */
  public record DmaRange(long cpuStart, long dmaStart, long sizeBytes) {}

  public DeviceParameters {
    Objects.requireNonNull(name, "name");
    dmaRanges = List.copyOf(dmaRanges);
    if (dmaMask == 0) {
      throw new IllegalArgumentException("no DMA mask [device=" + name + "]");
    }
    // dma_get_max_seg_size() and dma_get_seg_boundary() take 0 for not set.
    maxSegmentSize = maxSegmentSize == 0 ? DEFAULT_MAX_SEGMENT_SIZE : maxSegmentSize;
    segmentBoundaryMask = segmentBoundaryMask == 0 ? NO_SEGMENT_BOUNDARY_MASK : segmentBoundaryMask;
    if (maxSegmentSize < 0 || maxSegmentSize > 0xffffffffL) {
      throw new IllegalArgumentException("segment size is not in 1..2^32-1: " + maxSegmentSize);
    }
    requireMask("segment boundary", segmentBoundaryMask);
    requireMask("minimum alignment", minAlignMask);
  }

  private static void requireMask(String what, long mask) {
    if ((mask & (mask + 1)) != 0) {
      throw new IllegalArgumentException("%s is not 2^n - 1: 0x%x".formatted(what, mask));
    }
  }

  /** A PCI device whose driver set nothing but a 64-bit DMA mask. */
  public static DeviceParameters pci(String name) {
    return new DeviceParameters(
        name,
        -1L,
        0,
        DEFAULT_MAX_SEGMENT_SIZE,
        PCI_SEGMENT_BOUNDARY_MASK,
        0,
        true,
        true,
        false,
        List.of());
  }

  /** A device that is not on a PCI bus and has no {@code dma_parms}. */
  public static DeviceParameters platform(String name) {
    return new DeviceParameters(
        name,
        -1L,
        0,
        DEFAULT_MAX_SEGMENT_SIZE,
        NO_SEGMENT_BOUNDARY_MASK,
        0,
        true,
        false,
        false,
        List.of());
  }

  /** The highest address the device may be given: {@code min_not_zero(mask, bus limit)}. */
  public long addressLimit() {
    return busDmaLimit == 0 || Long.compareUnsigned(dmaMask, busDmaLimit) < 0
        ? dmaMask
        : busDmaLimit;
  }

  public DeviceParameters withDmaMask(long mask) {
    return new DeviceParameters(
        name,
        mask,
        busDmaLimit,
        maxSegmentSize,
        segmentBoundaryMask,
        minAlignMask,
        coherent,
        pci,
        untrusted,
        dmaRanges);
  }

  public DeviceParameters withBusDmaLimit(long limit) {
    return new DeviceParameters(
        name,
        dmaMask,
        limit,
        maxSegmentSize,
        segmentBoundaryMask,
        minAlignMask,
        coherent,
        pci,
        untrusted,
        dmaRanges);
  }

  public DeviceParameters withMaxSegmentSize(long bytes) {
    return new DeviceParameters(
        name,
        dmaMask,
        busDmaLimit,
        bytes,
        segmentBoundaryMask,
        minAlignMask,
        coherent,
        pci,
        untrusted,
        dmaRanges);
  }

  public DeviceParameters withSegmentBoundaryMask(long mask) {
    return new DeviceParameters(
        name,
        dmaMask,
        busDmaLimit,
        maxSegmentSize,
        mask,
        minAlignMask,
        coherent,
        pci,
        untrusted,
        dmaRanges);
  }

  public DeviceParameters withMinAlignMask(int mask) {
    return new DeviceParameters(
        name,
        dmaMask,
        busDmaLimit,
        maxSegmentSize,
        segmentBoundaryMask,
        mask,
        coherent,
        pci,
        untrusted,
        dmaRanges);
  }

  public DeviceParameters withCoherent(boolean value) {
    return new DeviceParameters(
        name,
        dmaMask,
        busDmaLimit,
        maxSegmentSize,
        segmentBoundaryMask,
        minAlignMask,
        value,
        pci,
        untrusted,
        dmaRanges);
  }

  public DeviceParameters withUntrusted(boolean value) {
    return new DeviceParameters(
        name,
        dmaMask,
        busDmaLimit,
        maxSegmentSize,
        segmentBoundaryMask,
        minAlignMask,
        coherent,
        pci,
        value,
        dmaRanges);
  }

  public DeviceParameters withDmaRanges(List<DmaRange> ranges) {
    return new DeviceParameters(
        name,
        dmaMask,
        busDmaLimit,
        maxSegmentSize,
        segmentBoundaryMask,
        minAlignMask,
        coherent,
        pci,
        untrusted,
        ranges);
  }
}
