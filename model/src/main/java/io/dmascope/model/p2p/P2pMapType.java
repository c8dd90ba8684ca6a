package io.dmascope.model.p2p;

import java.util.Arrays;
import java.util.Optional;

/**
 * How a client reaches peer memory: {@code enum pci_p2pdma_map_type} without its cache-miss marker
 * (include/linux/pci-p2pdma.h).
 */
public enum P2pMapType {
  /** Ordinary memory. */
  NONE(1, -1),
  /** The path is not allowed; {@code dma_map_sg} fails with {@code -EREMOTEIO}. */
  NOT_SUPPORTED(2, 1),
  /** Switch-local: the client uses the PCI bus address, no IOMMU is involved. */
  BUS_ADDR(3, 2),
  /** Through the root complex: mapped as memory is, at the CPU's physical address of the BAR. */
  THRU_HOST_BRIDGE(4, 3);

  private final int value;
  private final int value612;

  P2pMapType(int value, int value612) {
    this.value = value;
    this.value612 = value612;
  }

  /**
   * The type that a kernel means by a number: 7.x put {@code NONE} in front of the others, which
   * moved them up by one. Empty for the cache-miss marker 0 and for numbers that it does not have.
   *
   * @param kernel612 true for the numbers of 6.12
   */
  public static Optional<P2pMapType> ofNumber(int number, boolean kernel612) {
    return Arrays.stream(values())
        .filter(type -> number == (kernel612 ? type.value612 : type.value))
        .findFirst();
  }
}
