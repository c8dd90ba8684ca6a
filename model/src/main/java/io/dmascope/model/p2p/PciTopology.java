package io.dmascope.model.p2p;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * The PCI devices of a machine as P2PDMA sees them: a tree up to each root bus, ACS redirection per
 * device, and which host bridges are known to forward peer-to-peer requests (drivers/pci/p2pdma.c).
 *
 * <p>Paths are not cached, while the kernel caches the first answer per provider and client: an ACS
 * change after that is seen here and not there.
 */
public final class PciTopology {

  /**
   * A PCI function.
   *
   * @param name e.g. {@code 0000:03:00.0}
   * @param upstream name of the bridge above; empty for a device on the root bus
   * @param hostBridge number of the host bridge that the root bus belongs to
   * @param acsRedirect true where ACS redirects requests or completions, or controls egress ({@code
   *     pci_bridge_has_acs_redir()})
   */
  public record Device(
      String name, Optional<String> upstream, int hostBridge, boolean acsRedirect) {
    public Device {
      Objects.requireNonNull(name, "name");
      Objects.requireNonNull(upstream, "upstream");
    }
  }

  /**
   * An entry of {@code pci_p2pdma_whitelist[]} that matched this machine.
   *
   * @param requireSameHostBridge {@code REQ_SAME_HOST_BRIDGE}: only for peers below the same bridge
   */
  public record AllowedHostBridge(int hostBridge, boolean requireSameHostBridge) {}

  private final Map<String, Device> devices = new HashMap<>();
  private final Map<Integer, AllowedHostBridge> allowed = new HashMap<>();
  private final boolean cpuIsAmdZen;

  /**
   * Builds the tree.
   *
   * @param cpuIsAmdZen true on AMD family 17h and later, where every path through the root complex
   *     is allowed
   * @throws IllegalArgumentException if a bridge is missing or a device is above itself
   */
  public PciTopology(
      List<Device> devices, List<AllowedHostBridge> allowedHostBridges, boolean cpuIsAmdZen) {
    for (Device device : devices) {
      this.devices.put(device.name(), device);
    }
    for (AllowedHostBridge bridge : allowedHostBridges) {
      allowed.put(bridge.hostBridge(), bridge);
    }
    this.cpuIsAmdZen = cpuIsAmdZen;
    for (Device device : devices) {
      if (pathToRoot(device).size() > this.devices.size()) {
        throw new IllegalArgumentException("device is above itself [name=" + device.name() + "]");
      }
    }
  }

  /** Returns the device of that name, or empty for one that is no PCI device of this machine. */
  public Optional<Device> device(String name) {
    return Optional.ofNullable(devices.get(name));
  }

  public Set<String> names() {
    return Set.copyOf(devices.keySet());
  }

  /**
   * Tells how {@code client} reaches the memory of {@code provider}; empty where either is no PCI
   * device, which {@code pci_p2pdma_distance_many()} answers with -1.
   */
  public Optional<P2pPath> path(String provider, String client) {
    Device from = devices.get(provider);
    Device to = devices.get(client);
    return from == null || to == null ? Optional.empty() : Optional.of(path(from, to));
  }

  private P2pPath path(Device provider, Device client) {
    List<Device> above = pathToRoot(provider);
    List<Device> clientPath = pathToRoot(client);
    int acsRedirects = 0;
    for (int up = 0; up < above.size(); up++) {
      // Counts the provider itself and the common bridge; those above it do not matter.
      acsRedirects += above.get(up).acsRedirect() ? 1 : 0;
      int down = clientPath.indexOf(above.get(up));
      if (down >= 0) {
        acsRedirects += redirects(clientPath.subList(0, down));
        return acsRedirects == 0
            ? new P2pPath(P2pMapType.BUS_ADDR, up + down)
            : throughHostBridge(provider, client, up + down);
      }
    }
    return throughHostBridge(provider, client, above.size() + clientPath.size());
  }

  private P2pPath throughHostBridge(Device provider, Device client, int distance) {
    boolean forwards = cpuIsAmdZen || hostBridgesAllow(provider.hostBridge(), client.hostBridge());
    return new P2pPath(forwards ? P2pMapType.THRU_HOST_BRIDGE : P2pMapType.NOT_SUPPORTED, distance);
  }

  private boolean hostBridgesAllow(int provider, int client) {
    return provider == client
        ? allowed.containsKey(provider)
        : allowsAcross(provider) && allowsAcross(client);
  }

  private boolean allowsAcross(int hostBridge) {
    AllowedHostBridge entry = allowed.get(hostBridge);
    return entry != null && !entry.requireSameHostBridge();
  }

  private static int redirects(List<Device> path) {
    return (int) path.stream().filter(Device::acsRedirect).count();
  }

  /** The device, its bridge, and so on; one longer than there are devices where it never ends. */
  private List<Device> pathToRoot(Device device) {
    List<Device> path = new ArrayList<>();
    Optional<Device> next = Optional.of(device);
    while (next.isPresent() && path.size() <= devices.size()) {
      path.add(next.get());
      next = next.get().upstream().map(this::bridge);
    }
    return path;
  }

  private Device bridge(String name) {
    Device bridge = devices.get(name);
    if (bridge == null) {
      throw new IllegalArgumentException("no such bridge [name=" + name + "]");
    }
    return bridge;
  }
}
