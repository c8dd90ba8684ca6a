package io.dmascope.model.scenario;

import io.dmascope.model.rig.HostBridge;
import io.dmascope.model.rig.MemoryRange;
import io.dmascope.model.rig.PciFunction;
import io.dmascope.model.rig.PciFunction.Acs;
import io.dmascope.model.rig.PciFunction.Bar;
import io.dmascope.model.rig.PciFunction.PortType;
import io.dmascope.model.rig.RecordingSetup;
import io.dmascope.model.rig.RigCpu;
import io.dmascope.model.rig.RigDevice;
import io.dmascope.model.rig.RigIommuGroup;
import io.dmascope.model.rig.RigIommuGroup.DomainType;
import io.dmascope.model.rig.RigManifest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.stream.Stream;

/** The lines of a scenario that describe the machine; they stand before its events. */
final class ScenarioRig {
  private final List<RigDevice> devices = new ArrayList<>();
  private final List<RigIommuGroup> groups = new ArrayList<>();
  private final List<HostBridge> bridges = new ArrayList<>();
  private final List<MemoryRange> memory = new ArrayList<>();
  private Optional<RigCpu> cpu = Optional.empty();
  private OptionalInt pageSizeBytes = OptionalInt.empty();
  private boolean known;

  /** Takes the line in; false where it is about an event. */
  boolean takes(ScenarioReader.Words w) {
    switch (w.at(1)) {
      case "RIG" -> devices.add(device(w));
      case "RIG_GROUP" ->
          groups.add(
              new RigIommuGroup(
                  (int) w.number(0),
                  w.has("type")
                      ? Optional.of(DomainType.valueOf(w.get("type", "")))
                      : Optional.empty(),
                  ranges(w, "reserved")
                      .map(r -> new RigIommuGroup.Reserved(r[0], r[1], w.get("kind", "reserved")))
                      .toList()));
      case "RIG_BRIDGE" ->
          bridges.add(
              new HostBridge(
                  w.at(0),
                  ranges(w, "window").map(r -> new HostBridge.Window(r[0], r[1])).toList()));
      case "RIG_CPU" -> {
        pageSizeBytes = anInt(w, "page");
        cpu =
            Optional.of(
                new RigCpu(
                    w.get("vendor", ""),
                    anInt(w, "family"),
                    OptionalInt.empty(),
                    anInt(w, "online"),
                    anInt(w, "line")));
      }
      case "RIG_MEMORY" -> {
        long[] range = range(w.at(2));
        memory.add(
            new MemoryRange(
                range[0], range[1], w.at(3).replace('_', ' '), (int) w.number("depth", 0)));
      }
      default -> {
        return false;
      }
    }
    known = true;
    return true;
  }

  RigManifest manifest() {
    return !known
        ? RigManifest.UNKNOWN
        : new RigManifest(
            "",
            "",
            "",
            pageSizeBytes,
            cpu,
            devices,
            groups,
            bridges,
            memory,
            Optional.empty(),
            RecordingSetup.UNKNOWN);
  }

  private static RigDevice device(ScenarioReader.Words w) {
    boolean pci = w.has("bars") || w.has("acs") || w.has("port") || w.has("parent");
    return new RigDevice(
        w.at(0),
        pci ? "pci" : "",
        w.get("driver", "driver"),
        w.get("parent", ""),
        anInt(w, "group"),
        w.has("coherent") ? Optional.of(w.get("coherent", "").equals("yes")) : Optional.empty(),
        new RigDevice.DmaLimits(
            anInt(w, "mask"),
            anInt(w, "coherent_mask"),
            aLong(w, "bus_limit"),
            aLong(w, "max_seg"),
            aLong(w, "boundary"),
            aLong(w, "min_align")),
        pci ? Optional.of(function(w)) : Optional.empty(),
        List.of());
  }

  private static PciFunction function(ScenarioReader.Words w) {
    boolean redirects = w.get("acs", "").equals("redirects");
    return new PciFunction(
        anInt(w, "vendor"),
        anInt(w, "id"),
        OptionalInt.empty(),
        w.has("port") ? Optional.of(PortType.valueOf(w.get("port", ""))) : Optional.empty(),
        w.has("acs") ? Optional.of(new Acs(redirects, redirects, false, false)) : Optional.empty(),
        bars(w),
        Optional.empty());
  }

  /** {@code bars=start-last[,…] [bus_offset=]}. */
  private static List<Bar> bars(ScenarioReader.Words w) {
    List<Bar> bars = new ArrayList<>();
    ranges(w, "bars")
        .forEach(
            r ->
                bars.add(
                    new Bar(
                        bars.size(),
                        r[0],
                        r[1] - r[0] + 1,
                        OptionalLong.of(r[0] + w.number("bus_offset", 0)),
                        false)));
    return bars;
  }

  private static Stream<long[]> ranges(ScenarioReader.Words w, String name) {
    return w.has(name)
        ? Arrays.stream(w.get(name, "").split(",")).map(ScenarioRig::range)
        : Stream.empty();
  }

  /** {@code first-last}, both inclusive. */
  private static long[] range(String text) {
    String[] ends = text.split("-", 2);
    return new long[] {ScenarioReader.Words.parse(ends[0]), ScenarioReader.Words.parse(ends[1])};
  }

  private static OptionalInt anInt(ScenarioReader.Words w, String name) {
    return w.has(name) ? OptionalInt.of((int) w.number(name, 0)) : OptionalInt.empty();
  }

  private static OptionalLong aLong(ScenarioReader.Words w, String name) {
    return w.has(name) ? OptionalLong.of(w.number(name, 0)) : OptionalLong.empty();
  }
}
