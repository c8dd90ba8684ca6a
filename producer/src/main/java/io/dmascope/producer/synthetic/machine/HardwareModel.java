package io.dmascope.producer.synthetic.machine;

/**
 * What a device says of itself, beside what the DMA layer knows of it.
 *
 * @param driver the one that is bound
 * @param vendorId 16 bits; 0 for a device that is not on a PCI bus
 * @param deviceId 16 bits
 * @param classCode 24 bits, e.g. 0x010802 for NVMe
 * @param barBytes size of its memory window, a power of two
 */
public record HardwareModel(
    String driver, int vendorId, int deviceId, int classCode, long barBytes) {
  public static final HardwareModel NVME = pci("nvme", 0x144d, 0xa80a, 0x010802, 1L << 14);
  public static final HardwareModel NIC = pci("ice", 0x8086, 0x1592, 0x020000, 1L << 17);
  public static final HardwareModel AHCI = pci("ahci", 0x8086, 0xa282, 0x010601, 1L << 11);
  public static final HardwareModel XHCI = pci("xhci_hcd", 0x8086, 0xa2af, 0x0c0330, 1L << 16);
  public static final HardwareModel GPU = pci("amdgpu", 0x1002, 0x744c, 0x030000, 1L << 30);
  public static final HardwareModel RDMA = pci("mlx5_core", 0x15b3, 0x101d, 0x020700, 1L << 25);
  public static final HardwareModel OLD_NIC = pci("b44", 0x14e4, 0x170c, 0x020000, 1L << 13);
  public static final HardwareModel ETHERNET = platform("dwmac-generic");
  public static final HardwareModel MMC = platform("sdhci-dwcmshc");

  private static HardwareModel pci(
      String driver, int vendorId, int deviceId, int classCode, long barBytes) {
    return new HardwareModel(driver, vendorId, deviceId, classCode, barBytes);
  }

  private static HardwareModel platform(String driver) {
    return new HardwareModel(driver, 0, 0, 0, 0);
  }
}
