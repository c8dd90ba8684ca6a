package io.dmascope.model.rig;

import java.util.List;
import java.util.Objects;

/**
 * The root of one PCI tree.
 *
 * @param name e.g. {@code pci0000:00}
 * @param windows memory that the bridge forwards to its bus
 */
public record HostBridge(String name, List<Window> windows) {

  public HostBridge {
    Objects.requireNonNull(name, "name");
    windows = List.copyOf(windows);
  }

  /**
   * One forwarded range, in CPU addresses.
   *
   * @param startAddr unsigned
   * @param lastAddr inclusive, unsigned
   */
  public record Window(long startAddr, long lastAddr) {}
}
