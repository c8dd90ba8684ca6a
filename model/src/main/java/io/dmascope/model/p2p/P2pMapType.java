package io.dmascope.model.p2p;

/**
 * How a client reaches peer memory: {@code enum pci_p2pdma_map_type} without its cache-miss marker
 * (include/linux/pci-p2pdma.h).
 */
public enum P2pMapType {
  /** Ordinary memory. */
  NONE,
  /** The path is not allowed; {@code dma_map_sg} fails with {@code -EREMOTEIO}. */
  NOT_SUPPORTED,
  /** Switch-local: the client uses the PCI bus address, no IOMMU is involved. */
  BUS_ADDR,
  /** Through the root complex: mapped as memory is, at the CPU's physical address of the BAR. */
  THRU_HOST_BRIDGE
}
