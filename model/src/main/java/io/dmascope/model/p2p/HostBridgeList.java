package io.dmascope.model.p2p;

import java.util.List;
import java.util.Optional;

/**
 * The root devices whose host bridges are known to forward peer-to-peer requests ({@code
 * pci_p2pdma_whitelist[]} in drivers/pci/p2pdma.c). 6.12 has only the Intel entries that are
 * written as numbers; the accelerators, Google's and Nvidia's came later.
 */
final class HostBridgeList {
  private static final int INTEL = 0x8086;
  private static final int GOOGLE = 0x1ae0;
  private static final int NVIDIA = 0x10de;

  private record Entry(
      int vendor, int firstDevice, int lastDevice, boolean sameBridgeOnly, boolean in612) {
    boolean matches(int vendorId, int deviceId) {
      return vendor == vendorId && firstDevice <= deviceId && deviceId <= lastDevice;
    }

    /** Entries of later kernels are all without a flag. */
    static Entry later(int vendor, int firstDevice, int lastDevice) {
      return new Entry(vendor, firstDevice, lastDevice, false, false);
    }

    static Entry of612(int firstDevice, int lastDevice, boolean sameBridgeOnly) {
      return new Entry(INTEL, firstDevice, lastDevice, sameBridgeOnly, true);
    }
  }

  private static final List<Entry> ENTRIES =
      List.of(
          Entry.of612(0x3c00, 0x3c01, true), // Xeon E5, Core i7
          Entry.of612(0x2f00, 0x2f01, true), // Xeon E7 v3, E5 v3
          Entry.of612(0x2030, 0x2033, false), // Sky Lake-E root ports
          Entry.of612(0x2020, 0x2020, false),
          Entry.of612(0x09a2, 0x09a2, false),
          Entry.later(INTEL, 0x0b25, 0x0b25), // DSA_SPR0
          Entry.later(INTEL, 0x0cfe, 0x0cfe), // IAX_SPR0
          Entry.later(INTEL, 0x11fb, 0x11fb), // DSA_GNRD
          Entry.later(INTEL, 0x1212, 0x1212), // DSA_DMR
          Entry.later(INTEL, 0x1216, 0x1216), // IAA_DMR
          Entry.later(INTEL, 0x4940, 0x4940), // QAT_4XXX
          Entry.later(INTEL, 0x4942, 0x4942), // QAT_401XX
          Entry.later(INTEL, 0x4944, 0x4944), // QAT_402XX
          Entry.later(INTEL, 0x4946, 0x4946), // QAT_420XX
          Entry.later(INTEL, 0x4948, 0x4948), // QAT_6XXX
          Entry.later(GOOGLE, 0, 0xffff),
          Entry.later(NVIDIA, 0x2f95, 0x2f98));

  private HostBridgeList() {}

  /** Whether peers must be below the same bridge; empty for a root device that is not listed. */
  static Optional<Boolean> sameBridgeOnly(int vendorId, int deviceId, boolean kernel612) {
    return ENTRIES.stream()
        .filter(entry -> entry.in612() || !kernel612)
        .filter(entry -> entry.matches(vendorId, deviceId))
        .map(Entry::sameBridgeOnly)
        .findFirst();
  }
}
