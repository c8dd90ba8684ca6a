package io.dmascope.model.mapping;

import io.dmascope.model.rig.HostBridge;
import io.dmascope.model.rig.PciFunction;
import io.dmascope.model.rig.RigDevice;
import io.dmascope.model.rig.RigIommuGroup;
import io.dmascope.model.rig.RigIommuGroup.DomainType;
import io.dmascope.model.rig.RigManifest;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * What the rig's manifest says about one device, made ready for rules: plain numbers, with a value
 * that no device has where nothing is known.
 */
public final class DeviceRig {
  /** Stands for a device that the manifest does not name, or a capture without one. */
  static final DeviceRig UNKNOWN = new DeviceRig(null, RigManifest.UNKNOWN);

  /** Interrupt messages of x86 are written here; the only {@code msi} region that is reserved. */
  private static final long X86_MSI_ADDR = 0xfee00000L;

  private final RigDevice device;
  private final long dmaMask;
  private final long coherentMask;
  private final long busLimitAddr;
  private final long maxSegmentSizeBytes;
  private final long segmentBoundaryMask;
  private final long minAlignMask;
  private final DomainType domainType;
  private final List<AddrRange> neverGivenOut;

  /**
   * A range of I/O virtual addresses that the allocator leaves out.
   *
   * @param startAddr unsigned
   * @param lastAddr inclusive, unsigned
   * @param what the kernel's word, or the host bridge
   */
  public record AddrRange(long startAddr, long lastAddr, String what) {
    /** True where the ranges share a byte. */
    public boolean overlaps(long first, long last) {
      return Long.compareUnsigned(startAddr, last) <= 0
          && Long.compareUnsigned(first, lastAddr) <= 0;
    }
  }

  private DeviceRig(RigDevice device, RigManifest manifest) {
    this.device = device;
    RigDevice.DmaLimits limits = device == null ? RigDevice.DmaLimits.UNKNOWN : device.dmaLimits();
    dmaMask = mask(limits.dmaMaskBits());
    coherentMask = mask(limits.coherentMaskBits());
    busLimitAddr = limits.busLimitAddr().orElse(0);
    maxSegmentSizeBytes = limits.maxSegmentSizeBytes().orElse(0);
    segmentBoundaryMask = limits.segmentBoundaryMask().orElse(0);
    minAlignMask = limits.minAlignMask().orElse(-1);
    Optional<RigIommuGroup> group = device == null ? Optional.empty() : manifest.groupOf(device);
    domainType = group.flatMap(RigIommuGroup::domainType).orElse(null);
    neverGivenOut = device == null ? List.of() : neverGivenOut(device, group, manifest);
  }

  static DeviceRig of(String name, RigManifest manifest) {
    return manifest.device(name).map(found -> new DeviceRig(found, manifest)).orElse(UNKNOWN);
  }

  private static long mask(OptionalInt bits) {
    if (bits.isEmpty() || bits.getAsInt() < 1) {
      return 0;
    }
    return bits.getAsInt() >= Long.SIZE ? -1L : (1L << bits.getAsInt()) - 1;
  }

  /**
   * {@code drivers/iommu/dma-iommu.c iova_reserve_iommu_regions()} and {@code
   * iova_reserve_pci_windows()}. The bridge's windows are reserved as the bus sees them.
   */
  private static List<AddrRange> neverGivenOut(
      RigDevice device, Optional<RigIommuGroup> group, RigManifest manifest) {
    List<AddrRange> reserved =
        group.map(RigIommuGroup::reserved).orElse(List.of()).stream()
            .filter(region -> !region.kind().equals("msi") || region.startAddr() == X86_MSI_ADDR)
            .map(r -> new AddrRange(r.startAddr(), r.lastAddr(), "reserved: " + r.kind()))
            .toList();
    OptionalLong busOffset = busOffset(device);
    if (busOffset.isEmpty()) {
      return reserved;
    }
    long offset = busOffset.getAsLong();
    String root = rootOf(device, manifest);
    List<AddrRange> windows =
        manifest.hostBridges().stream()
            .filter(bridge -> bridge.name().equals(root))
            .map(HostBridge::windows)
            .flatMap(List::stream)
            .map(
                w ->
                    new AddrRange(
                        w.startAddr() + offset, w.lastAddr() + offset, "window of " + root))
            .toList();
    return java.util.stream.Stream.concat(reserved.stream(), windows.stream()).toList();
  }

  private static OptionalLong busOffset(RigDevice device) {
    return device
        .pci()
        .flatMap(pci -> pci.bars().stream().map(PciFunction.Bar::busOffset).findFirst())
        .orElse(OptionalLong.empty());
  }

  /** Name of the host bridge that the device hangs below; empty where its way up is not known. */
  private static String rootOf(RigDevice device, RigManifest manifest) {
    String parent = device.parent();
    for (int steps = 0; steps < manifest.devices().size(); steps++) {
      Optional<RigDevice> bridge = manifest.device(parent);
      if (bridge.isEmpty()) {
        return parent;
      }
      parent = bridge.get().parent();
    }
    return "";
  }

  /** True where the manifest names the device. */
  public boolean known() {
    return device != null;
  }

  /**
   * True where a driver was bound while the manifest was made. The masks are the driver's then;
   * before a driver is bound they are the bus's.
   */
  public boolean driverBound() {
    return device != null && !device.driver().isEmpty();
  }

  /** The streaming mask; 0 where unknown. */
  public long dmaMask() {
    return dmaMask;
  }

  /** The mask for {@code dma_alloc_*}; 0 where unknown. */
  public long coherentMask() {
    return coherentMask;
  }

  /** Highest address that the bus carries; 0 where there is no limit or it is unknown. */
  public long busLimitAddr() {
    return busLimitAddr;
  }

  /** {@code dma_get_max_seg_size()}; 0 where unknown. */
  public long maxSegmentSizeBytes() {
    return maxSegmentSizeBytes;
  }

  /** {@code dma_get_seg_boundary()}; 0 where unknown. */
  public long segmentBoundaryMask() {
    return segmentBoundaryMask;
  }

  /** {@code dma_get_min_align_mask()}; -1 where unknown. */
  public long minAlignMask() {
    return minAlignMask;
  }

  /** Whether caches snoop the device; empty where unknown. */
  public Optional<Boolean> coherent() {
    return device == null ? Optional.empty() : device.coherent();
  }

  /** Type of the group's default domain; null where unknown. */
  public DomainType domainType() {
    return domainType;
  }

  /** Number of the IOMMU group; -1 where unknown. */
  public int group() {
    return device == null ? -1 : device.iommuGroup().orElse(-1);
  }

  /** True where a default domain defers its flushes. */
  public boolean lazy() {
    return domainType == DomainType.DMA_FQ;
  }

  /** I/O virtual addresses that the allocator never gives this device; empty where unknown. */
  public List<AddrRange> neverGivenOut() {
    return neverGivenOut;
  }

  /** The PCI side; empty where there is none or it is unknown. */
  public Optional<PciFunction> pci() {
    return device == null ? Optional.empty() : device.pci();
  }
}
