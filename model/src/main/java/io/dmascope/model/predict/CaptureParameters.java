package io.dmascope.model.predict;

import io.dmascope.model.backend.IommuParameters;
import io.dmascope.model.backend.IommuParameters.AddressRange;
import io.dmascope.model.backend.IommuParameters.FlushPolicy;
import io.dmascope.model.backend.SwiotlbPool;
import io.dmascope.model.rig.HostBridge;
import io.dmascope.model.rig.RigDevice;
import io.dmascope.model.rig.RigIommuGroup;
import io.dmascope.model.rig.RigIommuGroup.DomainType;
import io.dmascope.model.rig.RigManifest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a capture's maps are predicted with.
 *
 * @param granule smallest page of its IOMMU domains in bytes
 * @param granuleOrigin how that is known
 * @param devices by name
 * @param translated true where the capture has page-table events
 * @param pool the bounce pool, where anything was bounced
 * @param cpus highest CPU number seen, plus one
 * @param rig what is known of the machine beforehand
 */
public record CaptureParameters(
    long granule,
    DeviceFacts.Origin granuleOrigin,
    SortedMap<String, DeviceFacts> devices,
    boolean translated,
    Optional<Pool> pool,
    int cpus,
    RigManifest rig) {

  /**
   * Where the bounce pool lies.
   *
   * @param origin how its start is known
   * @param slotsOrigin how its size is known
   */
  public record Pool(
      long startAddr, int slots, DeviceFacts.Origin origin, DeviceFacts.Origin slotsOrigin) {
    SwiotlbPool create(int cpus) {
      return new SwiotlbPool(startAddr, slots, cpus);
    }
  }

  public CaptureParameters {
    devices = new TreeMap<>(devices);
  }

  DeviceFacts device(String name) {
    return devices.get(name);
  }

  /** IOMMU groups of the rig's devices, by device; empty where the manifest names none. */
  Map<String, Integer> groups() {
    Map<String, Integer> groups = new TreeMap<>();
    for (RigDevice device : rig.devices()) {
      device.iommuGroup().ifPresent(id -> groups.put(device.name(), id));
    }
    return groups;
  }

  /** The policies that the machine may have: the manifest's, or those that are usual. */
  List<FlushPolicy> flushPolicies() {
    List<FlushPolicy> stated =
        rig.iommuGroups().stream()
            .flatMap(group -> group.domainType().stream())
            .filter(type -> type == DomainType.DMA || type == DomainType.DMA_FQ)
            .map(type -> type == DomainType.DMA ? FlushPolicy.STRICT : FlushPolicy.LAZY)
            .distinct()
            .toList();
    return stated.size() == 1 ? stated : List.of(FlushPolicy.STRICT, FlushPolicy.LAZY);
  }

  /** What the domain of a device is set up with. */
  IommuParameters iommu(String device, FlushPolicy policy) {
    List<AddressRange> reserved = new ArrayList<>();
    Optional<RigIommuGroup> group = rig.device(device).flatMap(rig::groupOf);
    if (group.isPresent()) {
      group.get().reserved().stream()
          .map(range -> new AddressRange(range.startAddr(), range.lastAddr()))
          .forEach(reserved::add);
    } else if (rig.architecture().isEmpty() || rig.architecture().startsWith("x86")) {
      reserved.add(IommuParameters.X86_MSI);
    }
    for (HostBridge bridge : rig.hostBridges()) {
      bridge.windows().stream()
          .map(window -> new AddressRange(window.startAddr(), window.lastAddr()))
          .forEach(reserved::add);
    }
    return new IommuParameters(
        (IommuParameters.PAGES_4K_2M_1G & -granule) | granule,
        0,
        OptionalLong.empty(),
        reserved,
        policy);
  }

  /** The devices' facts by name, in order. */
  public Map<String, DeviceFacts> byName() {
    return devices;
  }
}
