package io.dmascope.model.mapping;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The capture's devices, numbered in order of appearance; from {@link #DEVICES_MAX} on they share
 * one entry.
 */
public final class DeviceTable {
  /** More than any machine has; a capture with more names is damaged or hostile. */
  static final int DEVICES_MAX = 4096;

  /** The name that the devices beyond the limit are counted under. */
  static final String CROWD = "(further devices)";

  private final Map<String, Device> byName = new HashMap<>();
  private final List<Device> byId = new ArrayList<>();
  private Device lastFound;

  /** Returns the device of that name, new where it is seen for the first time. */
  public Device of(String name) {
    // Readers hand out one String per device, so that comparing references finds runs of one
    // device.
    Device last = lastFound;
    if (last != null && isSame(last.name(), name)) {
      return last;
    }
    Device device = byName.get(name);
    if (device == null) {
      device = byId.size() < DEVICES_MAX ? add(name) : crowd();
    }
    lastFound = device;
    return device;
  }

  /** Returns the device with that number. */
  public Device at(int id) {
    return byId.get(id);
  }

  /** Returns the device of that name, or null where it never appeared. */
  public Device find(String name) {
    return byName.get(name);
  }

  public int size() {
    return byId.size();
  }

  private Device crowd() {
    return byId.size() > DEVICES_MAX ? byId.get(DEVICES_MAX) : add(CROWD);
  }

  Device add(String name) {
    Device device = new Device(byId.size(), name);
    byName.put(name, device);
    byId.add(device);
    return device;
  }

  void save(StateWriter out) {
    out.u(byId.size());
    for (Device d : byId) {
      out.text(d.name())
          .s(d.group)
          .flag(d.bornInCapture)
          .flag(d.eventsSeen)
          .flag(d.gone)
          .flag(d.leftBehindTold)
          .flag(d.addressSpaceTorn)
          .u(d.iommuTranslated)
          .u(d.direct)
          .u(d.bounces)
          .u(d.bouncedBytes)
          .u(d.tracedDmaMask)
          .u(d.maps)
          .u(d.unmaps)
          .u(d.mapFailures)
          .u(d.mappedBytes)
          .s(d.liveMappings)
          .s(d.liveBytes)
          .u(d.sgEntriesIn)
          .u(d.sgEntriesOut)
          .u(d.violations)
          .u(d.aliasedSingles)
          .u(d.unseenUnmaps)
          .u(d.forgotten)
          .s(d.summarisedAtNs)
          .flag(d.changedSinceSummary);
    }
  }

  void restore(StateReader in) {
    int count = in.i();
    for (int i = 0; i < count; i++) {
      String name = in.text();
      Device d = add(name);
      d.group = (int) in.s();
      d.bornInCapture = in.flag();
      d.eventsSeen = in.flag();
      d.gone = in.flag();
      d.leftBehindTold = in.flag();
      d.addressSpaceTorn = in.flag();
      d.iommuTranslated = in.u();
      d.direct = in.u();
      d.bounces = in.u();
      d.bouncedBytes = in.u();
      d.tracedDmaMask = in.u();
      d.maps = in.u();
      d.unmaps = in.u();
      d.mapFailures = in.u();
      d.mappedBytes = in.u();
      d.liveMappings = in.s();
      d.liveBytes = in.s();
      d.sgEntriesIn = in.u();
      d.sgEntriesOut = in.u();
      d.violations = in.u();
      d.aliasedSingles = in.u();
      d.unseenUnmaps = in.u();
      d.forgotten = in.u();
      d.summarisedAtNs = in.s();
      d.changedSinceSummary = in.flag();
    }
  }

  @SuppressWarnings("ReferenceEquality")
  private static boolean isSame(String a, String b) {
    return a == b;
  }
}
