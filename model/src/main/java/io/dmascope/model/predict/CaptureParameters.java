package io.dmascope.model.predict;

import io.dmascope.model.backend.SwiotlbPool;
import java.util.Map;
import java.util.Optional;
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
 */
public record CaptureParameters(
    long granule,
    DeviceFacts.Origin granuleOrigin,
    SortedMap<String, DeviceFacts> devices,
    boolean translated,
    Optional<Pool> pool,
    int cpus) {

  /** Where the bounce pool lies. */
  public record Pool(long startAddr, int slots, DeviceFacts.Origin origin) {
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

  /** The devices' facts by name, in order. */
  public Map<String, DeviceFacts> byName() {
    return devices;
  }
}
