package io.dmascope.model.p2p;

import io.dmascope.model.rig.PciFunction;
import io.dmascope.model.rig.RigDevice;
import io.dmascope.model.rig.RigManifest;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;

/** Which device's window a physical address lies in, and what a peer has to use for it. */
public final class PeerMemory {

  /**
   * A window that contains an address.
   *
   * @param device the provider
   * @param bar number of the window
   * @param busOffset what is added to a physical address to get the bus address
   */
  public record Owner(String device, int bar, OptionalLong busOffset) {}

  private record Window(long endAddr, Owner owner) {}

  // Addresses of windows are below 2^63, so that their order is the signed one.
  private final TreeMap<Long, Window> windows = new TreeMap<>();

  /** The windows of all devices in the manifest. */
  public static PeerMemory of(RigManifest manifest) {
    PeerMemory memory = new PeerMemory();
    for (RigDevice device : manifest.devices()) {
      device.pci().ifPresent(pci -> pci.bars().forEach(bar -> memory.add(device.name(), bar)));
    }
    return memory;
  }

  private void add(String device, PciFunction.Bar bar) {
    windows.put(
        bar.startAddr(),
        new Window(
            bar.startAddr() + bar.sizeBytes(), new Owner(device, bar.index(), bar.busOffset())));
  }

  /** The window that contains the address; empty for ordinary memory. */
  public Optional<Owner> owner(long physAddr) {
    Map.Entry<Long, Window> below = windows.floorEntry(physAddr);
    return below != null && physAddr < below.getValue().endAddr()
        ? Optional.of(below.getValue().owner())
        : Optional.empty();
  }

  /** The address on the bus; empty for ordinary memory and where the offset is not known. */
  public OptionalLong busAddr(long physAddr) {
    OptionalLong offset = owner(physAddr).map(Owner::busOffset).orElse(OptionalLong.empty());
    return offset.isPresent()
        ? OptionalLong.of(physAddr + offset.getAsLong())
        : OptionalLong.empty();
  }

  /** Forgets a provider that goes away: from now on nothing may be mapped in its windows. */
  public void remove(String device) {
    windows.values().removeIf(window -> window.owner().device().equals(device));
  }
}
