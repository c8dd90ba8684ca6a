package io.dmascope.model.mapping;

import io.dmascope.model.p2p.PciTopology;
import io.dmascope.model.p2p.PeerMemory;
import io.dmascope.model.p2p.RigTopology;
import io.dmascope.model.rig.RigManifest;
import java.util.Arrays;
import java.util.OptionalInt;

/**
 * The rig's manifest as rules ask it: by the capture's devices, each resolved once; by physical
 * address; by pairs of peers. What a capture came without is unknown, never a default.
 */
public final class RigFacts {
  private final RigManifest manifest;
  private DeviceRig[] byDevice = new DeviceRig[16];
  private MemoryMap memory;
  private PeerMemory peers;
  private PciTopology topology;

  RigFacts(RigManifest manifest) {
    this.manifest = manifest;
  }

  /** The manifest itself; {@link RigManifest#UNKNOWN} where the capture came without. */
  public RigManifest manifest() {
    return manifest;
  }

  /** What is known of the device. */
  public DeviceRig of(Device device) {
    int id = device.id();
    if (id >= byDevice.length) {
      byDevice = Arrays.copyOf(byDevice, Math.max(id + 1, byDevice.length * 2));
    }
    DeviceRig found = byDevice[id];
    if (found == null) {
      found = device.crowd() ? DeviceRig.UNKNOWN : DeviceRig.of(device.name(), manifest);
      byDevice[id] = found;
    }
    return found;
  }

  /** Physical memory; empty where unknown. */
  public MemoryMap memory() {
    if (memory == null) {
      memory = MemoryMap.of(manifest.memoryMap());
    }
    return memory;
  }

  /** The memory windows of all PCI devices. */
  public PeerMemory peers() {
    if (peers == null) {
      peers = PeerMemory.of(manifest);
    }
    return peers;
  }

  /** The PCI tree. */
  public PciTopology topology() {
    if (topology == null) {
      topology = RigTopology.of(manifest);
    }
    return topology;
  }

  /** Bytes of a cache line. */
  public OptionalInt cacheLineBytes() {
    return manifest.cpu().map(cpu -> cpu.cacheLineBytes()).orElse(OptionalInt.empty());
  }
}
