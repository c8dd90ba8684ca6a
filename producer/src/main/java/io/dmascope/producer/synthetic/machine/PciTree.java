package io.dmascope.producer.synthetic.machine;

import io.dmascope.model.backend.IommuParameters.AddressRange;
import io.dmascope.model.rig.HostBridge;
import io.dmascope.model.rig.PciFunction;
import io.dmascope.model.rig.PciFunction.Acs;
import io.dmascope.model.rig.PciFunction.Bar;
import io.dmascope.model.rig.PciFunction.PortType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * The PCI devices of a made-up machine: two host bridges with a memory window each, root ports, and
 * one switch. Requests between peers pass the first host bridge, whose root ports are listed
 * (drivers/pci/p2pdma.c pci_p2pdma_whitelist[]), and not the second, whose are not.
 *
 * <pre>
 *   pci0000:00 ── 00:01.0 root port ── 01:00.0 a device
 *              ── 00:02.0 root port ── 02:00.0 upstream ── 03:00.0 downstream ── 04:00.0 a device
 *                                                       └─ 03:01.0 downstream ── 05:00.0 a device
 *   pci0000:80 ── 80:01.0 root port ── 81:00.0 a device
 * </pre>
 */
final class PciTree {
  private static final int INTEL = 0x8086;
  private static final int LISTED_ROOT_PORT = 0x2030; // Sky Lake-E, from 6.12 on
  private static final int OTHER_ROOT_PORT = 0xa330;
  private static final int SWITCH_VENDOR = 0x11f8;
  private static final int SWITCH_PORT = 0x4052;
  private static final int BRIDGE_CLASS = 0x060400;

  /** A bus has 32 slots; the host bridge itself takes the first. */
  private static final int SLOTS = 32;

  private static final int BUSES = 0x80;

  /** A function that was plugged in. */
  record Function(
      String name, String parent, HardwareModel model, Optional<PortType> port, List<Bar> bars) {
    /** The memory that peers may be given. */
    Bar bar() {
      return bars.getFirst();
    }
  }

  private static final class Root {
    final String name;
    final int rootBus;
    final int rootPortId;
    final AddressRange window;
    int ports;
    int nextBus;
    long nextBar;

    Root(int rootBus, int rootPortId, long windowStart, long windowBytes) {
      this.name = "pci0000:%02x".formatted(rootBus);
      this.rootBus = rootBus;
      this.rootPortId = rootPortId;
      this.window = new AddressRange(windowStart, windowStart + windowBytes - 1);
      this.nextBus = rootBus + 1;
      this.nextBar = windowStart;
    }
  }

  private final Root first = new Root(0x00, LISTED_ROOT_PORT, 0x80_0000_0000L, 0x20_0000_0000L);
  private final Root second = new Root(0x80, OTHER_ROOT_PORT, 0xa0_0000_0000L, 0x20_0000_0000L);
  private final List<Function> functions = new ArrayList<>();
  private final long busOffset;
  private final boolean redirects;
  private String switchPorts;
  private int switchPortCount;

  /**
   * @param busOffset what the host bridges add to a CPU address
   * @param redirects whether root ports send requests of peers up, as behind an IOMMU; the switch
   *     was told not to ({@code pci=disable_acs_redir=})
   */
  PciTree(long busOffset, boolean redirects) {
    this.busOffset = busOffset;
    this.redirects = redirects;
  }

  /** Plugs a device in and returns what became of it. */
  Function plug(HardwareModel model, Place place) {
    return switch (place) {
      case ROOT_PORT -> endpoint(first, rootPort(first), model);
      case SWITCH -> endpoint(first, switchPort(), model);
      case OTHER_ROOT -> endpoint(second, rootPort(second), model);
    };
  }

  private Function endpoint(Root root, String parent, HardwareModel model) {
    String name = "0000:%02x:00.0".formatted(nextBus(root));
    long start = (root.nextBar + model.barBytes() - 1) & -model.barBytes();
    // A page is left between windows: whatever lies there is nobody's.
    root.nextBar = start + model.barBytes() + Memory.PAGE_SIZE;
    Bar bar = new Bar(0, start, model.barBytes(), OptionalLong.of(start + busOffset), true);
    return add(new Function(name, parent, model, Optional.of(PortType.ENDPOINT), List.of(bar)));
  }

  private String rootPort(Root root) {
    String name = "0000:%02x:%02x.0".formatted(root.rootBus, slot(++root.ports));
    return bridge(name, root.name, INTEL, root.rootPortId, PortType.ROOT_PORT);
  }

  private String switchPort() {
    if (switchPorts == null) {
      String upstream = "0000:%02x:00.0".formatted(nextBus(first));
      switchPorts =
          bridge(upstream, rootPort(first), SWITCH_VENDOR, SWITCH_PORT, PortType.UPSTREAM_PORT);
      first.nextBus++; // the bus inside the switch
    }
    int inside = Integer.parseInt(switchPorts.substring(5, 7), 16) + 1;
    String name = "0000:%02x:%02x.0".formatted(inside, slot(switchPortCount++));
    return bridge(name, switchPorts, SWITCH_VENDOR, SWITCH_PORT, PortType.DOWNSTREAM_PORT);
  }

  private static int slot(int slot) {
    if (slot >= SLOTS) {
      throw new IllegalArgumentException(
          "more devices than a PCI bus has slots for [slots=%d]".formatted(SLOTS));
    }
    return slot;
  }

  private static int nextBus(Root root) {
    if (root.nextBus >= root.rootBus + BUSES) {
      throw new IllegalArgumentException(
          "more devices than a host bridge has buses for [buses=%d]".formatted(BUSES));
    }
    return root.nextBus++;
  }

  private String bridge(String name, String parent, int vendor, int device, PortType type) {
    HardwareModel model = new HardwareModel("pcieport", vendor, device, BRIDGE_CLASS, 0);
    return add(new Function(name, parent, model, Optional.of(type), List.of())).name();
  }

  private Function add(Function function) {
    functions.add(function);
    return function;
  }

  List<Function> functions() {
    return functions;
  }

  /**
   * What the bridge above a device decodes, as its bus sees it: no IOVA is ever given out there.
   */
  AddressRange windowAbove(Function function) {
    AddressRange window = rootOf(function).window;
    return new AddressRange(window.first() + busOffset, window.last() + busOffset);
  }

  private Root rootOf(Function function) {
    return Integer.parseInt(function.name().substring(5, 7), 16) < second.rootBus ? first : second;
  }

  List<HostBridge> hostBridges() {
    return List.of(hostBridge(first), hostBridge(second));
  }

  private static HostBridge hostBridge(Root root) {
    return new HostBridge(
        root.name, List.of(new HostBridge.Window(root.window.first(), root.window.last())));
  }

  /** What the configuration space of a function shows. */
  PciFunction shown(Function function) {
    HardwareModel model = function.model();
    return new PciFunction(
        OptionalInt.of(model.vendorId()),
        OptionalInt.of(model.deviceId()),
        OptionalInt.of(model.classCode()),
        function.port(),
        Optional.of(acs(function.port().orElseThrow())),
        function.bars(),
        Optional.empty());
  }

  private Acs acs(PortType type) {
    return switch (type) {
      case ROOT_PORT -> new Acs(true, redirects, redirects, false);
      case DOWNSTREAM_PORT -> new Acs(true, false, false, false);
      default -> Acs.ABSENT;
    };
  }
}
