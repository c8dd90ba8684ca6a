package io.dmascope.model.rig;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * One device that can do DMA, as the driver core knows it.
 *
 * @param name {@code dev_name()}, e.g. {@code 0000:03:00.0}: what the trace events print
 * @param bus e.g. {@code pci}, {@code platform}; empty where unknown
 * @param driver bound while the manifest was taken; empty where none or unknown
 * @param parent the upstream bridge's name, or the host bridge's; empty where unknown
 * @param iommuGroup of the group in {@link RigManifest#iommuGroups()}
 * @param coherent whether the CPU's caches snoop this device's accesses
 * @param dmaLimits masks and segment limits of {@code struct device}
 * @param pci nothing for a device of another bus
 * @param queues block devices that hang on this one
 */
public record RigDevice(
    String name,
    String bus,
    String driver,
    String parent,
    OptionalInt iommuGroup,
    Optional<Boolean> coherent,
    DmaLimits dmaLimits,
    Optional<PciFunction> pci,
    List<BlockQueue> queues) {

  public RigDevice {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(bus, "bus");
    Objects.requireNonNull(driver, "driver");
    Objects.requireNonNull(parent, "parent");
    Objects.requireNonNull(iommuGroup, "iommuGroup");
    Objects.requireNonNull(coherent, "coherent");
    Objects.requireNonNull(dmaLimits, "dmaLimits");
    Objects.requireNonNull(pci, "pci");
    queues = List.copyOf(queues);
  }

  /**
   * What a device can address ({@code struct device} and {@code struct device_dma_parameters}). The
   * masks are in sysfs for PCI; the segment limits are in no file of the kernel and come from
   * somebody who read the driver, or from the probe recorder.
   *
   * @param dmaMaskBits width of the streaming mask, 1 to 64
   * @param coherentMaskBits width of the mask for {@code dma_alloc_*}
   * @param busLimitAddr highest address that the bus carries, unsigned
   * @param maxSegmentSizeBytes the kernel's default is 65536
   * @param segmentBoundaryMask the PCI core's default is 0xffffffff, unsigned
   * @param minAlignMask the kernel's default is 0
   */
  public record DmaLimits(
      OptionalInt dmaMaskBits,
      OptionalInt coherentMaskBits,
      OptionalLong busLimitAddr,
      OptionalLong maxSegmentSizeBytes,
      OptionalLong segmentBoundaryMask,
      OptionalLong minAlignMask) {
    public static final DmaLimits UNKNOWN =
        new DmaLimits(
            OptionalInt.empty(),
            OptionalInt.empty(),
            OptionalLong.empty(),
            OptionalLong.empty(),
            OptionalLong.empty(),
            OptionalLong.empty());

    public DmaLimits {
      Objects.requireNonNull(dmaMaskBits, "dmaMaskBits");
      Objects.requireNonNull(coherentMaskBits, "coherentMaskBits");
      Objects.requireNonNull(busLimitAddr, "busLimitAddr");
      Objects.requireNonNull(maxSegmentSizeBytes, "maxSegmentSizeBytes");
      Objects.requireNonNull(segmentBoundaryMask, "segmentBoundaryMask");
      Objects.requireNonNull(minAlignMask, "minAlignMask");
    }
  }

  /**
   * Limits of one request queue ({@code /sys/block/NAME/queue}).
   *
   * @param disk e.g. {@code nvme0n1}
   * @param maxSegments scatterlist entries a request
   * @param maxSegmentSizeBytes bytes an entry
   * @param virtBoundaryMask no gap inside a request may break this alignment; 0 for none
   */
  public record BlockQueue(
      String disk,
      OptionalInt maxSegments,
      OptionalLong maxSegmentSizeBytes,
      OptionalLong virtBoundaryMask) {

    public BlockQueue {
      Objects.requireNonNull(disk, "disk");
      Objects.requireNonNull(maxSegments, "maxSegments");
      Objects.requireNonNull(maxSegmentSizeBytes, "maxSegmentSizeBytes");
      Objects.requireNonNull(virtBoundaryMask, "virtBoundaryMask");
    }
  }
}
