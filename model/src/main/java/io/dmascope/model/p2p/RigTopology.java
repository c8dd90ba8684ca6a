package io.dmascope.model.p2p;

import io.dmascope.model.rig.HostBridge;
import io.dmascope.model.rig.PciFunction;
import io.dmascope.model.rig.RigDevice;
import io.dmascope.model.rig.RigManifest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/** Builds a machine's PCI topology from its rig's manifest. */
public final class RigTopology {
  private static final int AMD_ZEN_FAMILY = 0x17;

  private final Map<String, RigDevice> functions = new HashMap<>();
  private final Map<String, Integer> bridgeNumbers = new HashMap<>();

  private RigTopology(RigManifest manifest) {
    for (RigDevice device : manifest.devices()) {
      if (device.pci().isPresent()) {
        functions.put(device.name(), device);
      }
    }
    for (HostBridge bridge : manifest.hostBridges()) {
      bridgeNumbers.put(bridge.name(), bridgeNumbers.size());
    }
  }

  /**
   * Returns the topology; devices whose way up is not in the manifest stand on a root bus of their
   * own domain.
   */
  public static PciTopology of(RigManifest manifest) {
    RigTopology rig = new RigTopology(manifest);
    List<PciTopology.Device> devices = new ArrayList<>();
    Map<Integer, PciTopology.AllowedHostBridge> allowed = new HashMap<>();
    Set<Integer> judged = new HashSet<>();
    for (RigDevice device : manifest.devices()) {
      if (device.pci().isEmpty()) {
        continue;
      }
      PciFunction pci = device.pci().get();
      int bridge = rig.hostBridge(device);
      Optional<String> upstream = rig.upstream(device);
      boolean redirects = pci.acs().map(PciFunction.Acs::redirects).orElse(false);
      devices.add(new PciTopology.Device(device.name(), upstream, bridge, redirects));
      // The first device on the root bus stands for its bridge.
      if (upstream.isEmpty() && judged.add(bridge)) {
        listed(device, pci, manifest.kernelRelease())
            .ifPresent(
                same -> allowed.put(bridge, new PciTopology.AllowedHostBridge(bridge, same)));
      }
    }
    return new PciTopology(devices, List.copyOf(allowed.values()), isZen(manifest));
  }

  private static boolean isZen(RigManifest manifest) {
    return manifest
        .cpu()
        .filter(cpu -> cpu.vendor().equals("AuthenticAMD"))
        .map(cpu -> cpu.family().orElse(0) >= AMD_ZEN_FAMILY)
        .orElse(false);
  }

  private static Optional<Boolean> listed(RigDevice device, PciFunction pci, String kernelRelease) {
    OptionalInt vendor = pci.vendorId();
    OptionalInt id = pci.deviceId();
    boolean stands =
        device.name().endsWith(":00.0")
            || pci.portType().filter(PciFunction.PortType.ROOT_PORT::equals).isPresent();
    return stands && vendor.isPresent() && id.isPresent()
        ? HostBridgeList.sameBridgeOnly(
            vendor.getAsInt(), id.getAsInt(), isAtMost612(kernelRelease))
        : Optional.empty();
  }

  /** {@code 6.12.107+deb13-amd64}; an unknown release counts as a new one. */
  private static boolean isAtMost612(String release) {
    String[] parts = release.split("[^0-9]+", 3);
    if (parts.length < 2 || parts[0].isEmpty() || parts[1].isEmpty()) {
      return false;
    }
    int major = Integer.parseInt(parts[0].substring(0, Math.min(4, parts[0].length())));
    int minor = Integer.parseInt(parts[1].substring(0, Math.min(4, parts[1].length())));
    return major < 6 || (major == 6 && minor <= 12);
  }

  private Optional<String> upstream(RigDevice device) {
    return functions.containsKey(device.parent()) ? Optional.of(device.parent()) : Optional.empty();
  }

  private int hostBridge(RigDevice device) {
    RigDevice at = device;
    for (int steps = 0; steps < functions.size() && functions.containsKey(at.parent()); steps++) {
      at = functions.get(at.parent());
    }
    String root = at.parent().isEmpty() ? domain(at.name()) : at.parent();
    Integer known = bridgeNumbers.putIfAbsent(root, bridgeNumbers.size());
    return known == null ? bridgeNumbers.get(root) : known;
  }

  /** {@code 0000} of {@code 0000:03:00.0}. */
  private static String domain(String name) {
    int colon = name.indexOf(':');
    return colon < 0 ? name : name.substring(0, colon);
  }
}
