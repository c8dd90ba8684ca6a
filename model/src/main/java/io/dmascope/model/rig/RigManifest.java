package io.dmascope.model.rig;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What is known of the machine that made a capture, beside its events.
 *
 * <p>Texts are empty where unknown, numbers are {@code Optional}, lists are empty where nothing is
 * known. {@link #UNKNOWN} stands for a capture that came without a manifest.
 *
 * @param kernelRelease {@code uname -r}
 * @param commandLine {@code /proc/cmdline}
 * @param architecture {@code uname -m}
 * @param pageSizeBytes of the CPU's base page
 * @param cpu nothing where {@code /proc/cpuinfo} told nothing
 * @param devices in the order of the bus, which is that of enumeration
 * @param iommuGroups address spaces that devices share
 * @param hostBridges roots of the PCI trees with the windows that they decode
 * @param memoryMap {@code /proc/iomem}, parents before their children
 * @param swiotlb nothing where the kernel has no bounce pool, or it is unknown
 * @param tracing how the capture was recorded
 * @param endianness of the recorded kernel, {@code little} or {@code big}
 * @param iommu nothing where the machine has none, or it is unknown
 * @param clock a moment by the clock of the trace and by the clock on the wall
 */
public record RigManifest(
    String kernelRelease,
    String commandLine,
    String architecture,
    OptionalInt pageSizeBytes,
    Optional<RigCpu> cpu,
    List<RigDevice> devices,
    List<RigIommuGroup> iommuGroups,
    List<HostBridge> hostBridges,
    List<MemoryRange> memoryMap,
    Optional<SwiotlbPool> swiotlb,
    RecordingSetup tracing,
    String endianness,
    Optional<RigIommu> iommu,
    Optional<ClockPair> clock) {
  public static final RigManifest UNKNOWN =
      new RigManifest(
          "",
          "",
          "",
          OptionalInt.empty(),
          Optional.empty(),
          List.of(),
          List.of(),
          List.of(),
          List.of(),
          Optional.empty(),
          RecordingSetup.UNKNOWN);

  public RigManifest {
    Objects.requireNonNull(kernelRelease, "kernelRelease");
    Objects.requireNonNull(commandLine, "commandLine");
    Objects.requireNonNull(architecture, "architecture");
    Objects.requireNonNull(pageSizeBytes, "pageSizeBytes");
    Objects.requireNonNull(cpu, "cpu");
    devices = List.copyOf(devices);
    iommuGroups = List.copyOf(iommuGroups);
    hostBridges = List.copyOf(hostBridges);
    memoryMap = List.copyOf(memoryMap);
    Objects.requireNonNull(swiotlb, "swiotlb");
    Objects.requireNonNull(tracing, "tracing");
    Objects.requireNonNull(endianness, "endianness");
    Objects.requireNonNull(iommu, "iommu");
    Objects.requireNonNull(clock, "clock");
  }

  /** A machine of whose byte order, IOMMU and clock nothing is known. */
  public RigManifest(
      String kernelRelease,
      String commandLine,
      String architecture,
      OptionalInt pageSizeBytes,
      Optional<RigCpu> cpu,
      List<RigDevice> devices,
      List<RigIommuGroup> iommuGroups,
      List<HostBridge> hostBridges,
      List<MemoryRange> memoryMap,
      Optional<SwiotlbPool> swiotlb,
      RecordingSetup tracing) {
    this(
        kernelRelease,
        commandLine,
        architecture,
        pageSizeBytes,
        cpu,
        devices,
        iommuGroups,
        hostBridges,
        memoryMap,
        swiotlb,
        tracing,
        "",
        Optional.empty(),
        Optional.empty());
  }

  /** The same machine with other devices. */
  public RigManifest withDevices(List<RigDevice> others) {
    return new RigManifest(
        kernelRelease,
        commandLine,
        architecture,
        pageSizeBytes,
        cpu,
        others,
        iommuGroups,
        hostBridges,
        memoryMap,
        swiotlb,
        tracing,
        endianness,
        iommu,
        clock);
  }

  /** The same with another recording of it. */
  public RigManifest withTracing(RecordingSetup other) {
    return new RigManifest(
        kernelRelease,
        commandLine,
        architecture,
        pageSizeBytes,
        cpu,
        devices,
        iommuGroups,
        hostBridges,
        memoryMap,
        swiotlb,
        other,
        endianness,
        iommu,
        clock);
  }

  /** The device of that {@code dev_name()}, as the trace events print it. */
  public Optional<RigDevice> device(String name) {
    return devices.stream().filter(device -> device.name().equals(name)).findFirst();
  }

  /** The address space of a device; nothing for a device without translation, or unknown. */
  public Optional<RigIommuGroup> groupOf(RigDevice device) {
    if (device.iommuGroup().isEmpty()) {
      return Optional.empty();
    }
    int id = device.iommuGroup().getAsInt();
    return iommuGroups.stream().filter(group -> group.id() == id).findFirst();
  }
}
