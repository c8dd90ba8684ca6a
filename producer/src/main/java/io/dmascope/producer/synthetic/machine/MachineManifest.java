package io.dmascope.producer.synthetic.machine;

import io.dmascope.model.backend.DeviceParameters;
import io.dmascope.model.backend.IommuParameters;
import io.dmascope.model.rig.MemoryRange;
import io.dmascope.model.rig.PciFunction;
import io.dmascope.model.rig.RecordingSetup;
import io.dmascope.model.rig.RigCpu;
import io.dmascope.model.rig.RigDevice;
import io.dmascope.model.rig.RigDevice.DmaLimits;
import io.dmascope.model.rig.RigIommuGroup;
import io.dmascope.model.rig.RigIommuGroup.DomainType;
import io.dmascope.model.rig.RigIommuGroup.Reserved;
import io.dmascope.model.rig.RigManifest;
import io.dmascope.model.rig.SwiotlbPool;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** What a made-up machine would tell the capture kit, as the manifest of its rig. */
final class MachineManifest {
  /** {@code /proc/iomem}: what {@link Memory} hands out is RAM, the kernel lies apart from it. */
  private static final List<MemoryRange> MEMORY =
      List.of(
          new MemoryRange(0x1000, 0x9_ffff, MemoryRange.SYSTEM_RAM, 0),
          new MemoryRange(0x10_0000, 0xbfff_ffffL, MemoryRange.SYSTEM_RAM, 0),
          new MemoryRange(0x200_0000, 0x31f_ffffL, "Kernel code", 1),
          new MemoryRange(0x320_0000, 0x3bf_ffffL, "Kernel rodata", 1),
          new MemoryRange(0x3c0_0000, 0x40f_ffffL, "Kernel data", 1),
          new MemoryRange(0x460_0000, 0x4ff_ffffL, "Kernel bss", 1),
          new MemoryRange(0x1_0000_0000L, 0x3f_ffff_ffffL, MemoryRange.SYSTEM_RAM, 0));

  private static final int CACHE_LINE_BYTES = 64;
  private static final int INTEL_FAMILY = 6;
  private static final int SKY_LAKE_SERVER = 85;

  private final Machine machine;

  private MachineManifest(Machine machine) {
    this.machine = machine;
  }

  static RigManifest of(Machine machine) {
    return new MachineManifest(machine).manifest();
  }

  private RigManifest manifest() {
    PciTree pci = machine.pci();
    return new RigManifest(
        machine.generation().release(),
        machine.backend().commandLine(),
        "x86_64",
        OptionalInt.of(Memory.PAGE_SIZE),
        Optional.of(
            new RigCpu(
                "GenuineIntel",
                OptionalInt.of(INTEL_FAMILY),
                OptionalInt.of(SKY_LAKE_SERVER),
                OptionalInt.of(machine.cpus()),
                OptionalInt.of(CACHE_LINE_BYTES))),
        devices(),
        groups(),
        pci.hostBridges(),
        MEMORY,
        Optional.of(bouncePool(machine.pool())),
        tracing());
  }

  private List<RigDevice> devices() {
    List<RigDevice> devices = new ArrayList<>();
    for (PciTree.Function function : machine.pci().functions()) {
      devices.add(machine.unit(function.name()).map(this::device).orElseGet(() -> bare(function)));
    }
    devices.sort(Comparator.comparing(RigDevice::name));
    machine.units().stream()
        .filter(unit -> unit.function().isEmpty())
        .map(this::device)
        .forEach(devices::add);
    return devices;
  }

  /** A bridge, or a peer whose own DMA nobody looks at. */
  private RigDevice bare(PciTree.Function function) {
    return new RigDevice(
        function.name(),
        "pci",
        function.model().driver(),
        function.parent(),
        machine.groupOf(function.name()),
        Optional.empty(),
        DmaLimits.UNKNOWN,
        Optional.of(machine.pci().shown(function)),
        List.of());
  }

  private RigDevice device(Machine.Unit unit) {
    DeviceParameters parameters = unit.device().parameters();
    Optional<PciFunction> shown = unit.function().map(machine.pci()::shown);
    return new RigDevice(
        parameters.name(),
        shown.isPresent() ? "pci" : "platform",
        unit.model().driver(),
        unit.function().map(PciTree.Function::parent).orElse("platform"),
        machine.groupOf(parameters.name()),
        Optional.of(parameters.coherent()),
        limits(parameters),
        shown,
        List.of());
  }

  private static DmaLimits limits(DeviceParameters parameters) {
    OptionalInt mask = OptionalInt.of(bits(parameters.dmaMask()));
    return new DmaLimits(
        mask,
        mask,
        parameters.busDmaLimit() == 0
            ? OptionalLong.empty()
            : OptionalLong.of(parameters.busDmaLimit()),
        OptionalLong.of(parameters.maxSegmentSize()),
        OptionalLong.of(parameters.segmentBoundaryMask()),
        OptionalLong.of(parameters.minAlignMask()));
  }

  private static int bits(long mask) {
    return Long.SIZE - Long.numberOfLeadingZeros(mask);
  }

  private List<RigIommuGroup> groups() {
    Optional<DomainType> type = domainType(machine.backend());
    Reserved messages =
        new Reserved(IommuParameters.X86_MSI.first(), IommuParameters.X86_MSI.last(), "msi");
    List<RigIommuGroup> groups = new ArrayList<>();
    for (int id = 0; id < machine.groupCount(); id++) {
      groups.add(new RigIommuGroup(id, type, List.of(messages)));
    }
    return groups;
  }

  private static Optional<DomainType> domainType(Backend backend) {
    return switch (backend) {
      case DIRECT, SWIOTLB -> Optional.empty();
      case IDENTITY -> Optional.of(DomainType.IDENTITY);
      case STRICT -> Optional.of(DomainType.DMA);
      case LAZY -> Optional.of(DomainType.DMA_FQ);
    };
  }

  private static SwiotlbPool bouncePool(io.dmascope.model.backend.SwiotlbPool pool) {
    long bytes = (long) pool.slots() * io.dmascope.model.backend.SwiotlbPool.SLOT_BYTES;
    return new SwiotlbPool(
        OptionalLong.of(pool.startAddr()),
        OptionalLong.of(pool.startAddr() + bytes - 1),
        OptionalLong.of(pool.slots()));
  }

  private RecordingSetup tracing() {
    List<String> events = machine.generation().events();
    return new RecordingSetup(
        "text",
        "local",
        OptionalLong.empty(),
        Optional.of(events),
        Optional.of(events),
        List.of(),
        List.of());
  }
}
