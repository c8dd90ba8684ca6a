package io.dmascope.model.p2p;

import java.util.List;
import java.util.Optional;

/**
 * The root devices whose host bridges are known to forward peer-to-peer requests ({@code
 * pci_p2pdma_whitelist[]} in drivers/pci/p2pdma.c), as far as the kernel names them by number.
 */
final class HostBridgeList {
  private static final int INTEL = 0x8086;
  private static final int GOOGLE = 0x1ae0;
  private static final int NVIDIA = 0x10de;

  private record Entry(int vendor, int firstDevice, int lastDevice, boolean sameBridgeOnly) {
    boolean matches(int vendorId, int deviceId) {
      return vendor == vendorId && firstDevice <= deviceId && deviceId <= lastDevice;
    }
  }

  private static final List<Entry> ENTRIES =
      List.of(
          new Entry(INTEL, 0x3c00, 0x3c01, true),
          new Entry(INTEL, 0x2f00, 0x2f01, true),
          new Entry(INTEL, 0x2030, 0x2033, false),
          new Entry(INTEL, 0x2020, 0x2020, false),
          new Entry(INTEL, 0x09a2, 0x09a2, false),
          new Entry(GOOGLE, 0, 0xffff, false),
          new Entry(NVIDIA, 0x2f95, 0x2f98, false));

  private HostBridgeList() {}

  /** Whether peers must be below the same bridge; empty for a root device that is not listed. */
  static Optional<Boolean> sameBridgeOnly(int vendorId, int deviceId) {
    return ENTRIES.stream()
        .filter(entry -> entry.matches(vendorId, deviceId))
        .map(Entry::sameBridgeOnly)
        .findFirst();
  }
}
