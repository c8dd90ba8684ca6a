package io.dmascope.model.rig;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * The PCI side of a device.
 *
 * @param vendorId 16 bits
 * @param deviceId 16 bits
 * @param classCode 24 bits, e.g. 0x010802 for NVMe
 * @param portType place in the PCIe hierarchy
 * @param acs nothing where the configuration space could not be read
 * @param bars memory windows; I/O ports are left out, they are no target of DMA
 * @param p2pMemory nothing where the device provides no peer-to-peer memory
 */
public record PciFunction(
    OptionalInt vendorId,
    OptionalInt deviceId,
    OptionalInt classCode,
    Optional<PortType> portType,
    Optional<Acs> acs,
    List<Bar> bars,
    Optional<P2pMemory> p2pMemory) {

  public PciFunction {
    Objects.requireNonNull(vendorId, "vendorId");
    Objects.requireNonNull(deviceId, "deviceId");
    Objects.requireNonNull(classCode, "classCode");
    Objects.requireNonNull(portType, "portType");
    Objects.requireNonNull(acs, "acs");
    bars = List.copyOf(bars);
    Objects.requireNonNull(p2pMemory, "p2pMemory");
  }

  /** Device/port type of the PCIe capability (bits 7:4 of its flags register). */
  public enum PortType {
    ENDPOINT,
    LEGACY_ENDPOINT,
    ROOT_PORT,
    UPSTREAM_PORT,
    DOWNSTREAM_PORT,
    PCIE_TO_PCI_BRIDGE,
    PCI_TO_PCIE_BRIDGE,
    ROOT_COMPLEX_ENDPOINT,
    ROOT_COMPLEX_EVENT_COLLECTOR,
    /** A function without the PCIe capability. */
    CONVENTIONAL
  }

  /**
   * Access control services: whether peer-to-peer requests are sent up to the root complex.
   *
   * @param capable the function has the capability at all
   * @param requestRedirect enabled in the control register, likewise the others
   */
  public record Acs(
      boolean capable, boolean requestRedirect, boolean completionRedirect, boolean egressControl) {
    public static final Acs ABSENT = new Acs(false, false, false, false);

    /** True where peers below cannot meet in the switch: {@code pci_bridge_has_acs_redir()}. */
    public boolean redirects() {
      return capable && (requestRedirect || completionRedirect || egressControl);
    }
  }

  /**
   * One memory window of the device.
   *
   * @param index 0 to 5; 6 is the expansion ROM
   * @param startAddr as the CPU sees it, unsigned
   * @param sizeBytes a power of two
   * @param busAddr as the bus sees it; differs from {@code startAddr} behind a translating bridge
   */
  public record Bar(
      int index, long startAddr, long sizeBytes, OptionalLong busAddr, boolean prefetchable) {

    public Bar {
      Objects.requireNonNull(busAddr, "busAddr");
    }

    /** {@code pci_bus_address() - pci_resource_start()}: what a peer adds to reach this window. */
    public OptionalLong busOffset() {
      return busAddr.isPresent()
          ? OptionalLong.of(busAddr.getAsLong() - startAddr)
          : OptionalLong.empty();
    }
  }

  /**
   * Memory that the device lends to its peers ({@code /sys/bus/pci/devices/NAME/p2pmem}).
   *
   * @param published whether other drivers may find it
   */
  public record P2pMemory(OptionalLong sizeBytes, Optional<Boolean> published) {

    public P2pMemory {
      Objects.requireNonNull(sizeBytes, "sizeBytes");
      Objects.requireNonNull(published, "published");
    }
  }
}
