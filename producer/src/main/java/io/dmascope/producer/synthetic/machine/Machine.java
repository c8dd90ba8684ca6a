package io.dmascope.producer.synthetic.machine;

import io.dmascope.model.backend.DeviceParameters;
import io.dmascope.model.backend.DirectBackend;
import io.dmascope.model.backend.IommuBackend;
import io.dmascope.model.backend.IommuDomain;
import io.dmascope.model.backend.IommuParameters;
import io.dmascope.model.backend.IommuParameters.AddressRange;
import io.dmascope.model.backend.IommuParameters.FlushPolicy;
import io.dmascope.model.backend.MappingBackend;
import io.dmascope.model.backend.Moment;
import io.dmascope.model.backend.SwiotlbPool;
import io.dmascope.model.event.IommuAttach;
import io.dmascope.model.event.IommuGroupChange;
import io.dmascope.model.rig.RigManifest;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.PriorityQueue;
import java.util.function.UnaryOperator;

/**
 * A machine without hardware: devices, memory, CPUs and a queue of what happens next in event time.
 * Everything that happens is decided by the seed.
 *
 * <p>Owned by one thread.
 */
public final class Machine {
  /** RAM above 4 GiB, so that a 32-bit device cannot reach it. */
  private static final long MEMORY_START = 0x1_0000_0000L;

  /** Behind the bounce buffers: what ZONE_DMA32 has left. */
  private static final long LOW_MEMORY_START = 0x4000_0000L;

  private static final long SWIOTLB_START = 0x3400_0000L;

  /**
   * Host bridges that move addresses are no x86's, but what goes wrong there shows nowhere else.
   */
  private static final long BRIDGE_OFFSET = -0x40_0000_0000L;

  private static final int TRANSLATING_BRIDGE_PERCENT = 30;
  private static final Context BOOT = new Context(0, 1, "swapper/0");
  private static final long DIRECT_MAP = 0xffff_8880_0000_0000L;

  /**
   * What a machine is made of.
   *
   * @param dmaDebug whether the kernel was built with {@code CONFIG_DMA_API_DEBUG}, which traces
   *     every sync and takes unmaps from everyone
   * @param probes whether a recorder watches what stock tracepoints do not tell
   */
  public record Spec(
      Generation generation,
      Backend backend,
      int cpus,
      boolean dmaDebug,
      boolean probes,
      Layout layout) {
    /** A machine with one of each device. */
    public Spec(
        Generation generation, Backend backend, int cpus, boolean dmaDebug, boolean probes) {
      this(generation, backend, cpus, dmaDebug, probes, Layout.USUAL);
    }

    public Spec {
      if (cpus < 1 || cpus > 1024) {
        throw new IllegalArgumentException("1 to 1024 CPUs [cpus=%d]".formatted(cpus));
      }
    }
  }

  /** A device and where it came from. */
  record Unit(DmaDevice device, HardwareModel model, Optional<PciTree.Function> function) {}

  private record Timer(long timeNs, long order, Runnable action) implements Comparable<Timer> {
    @Override
    public int compareTo(Timer other) {
      int byTime = Long.compare(timeNs, other.timeNs);
      return byTime != 0 ? byTime : Long.compare(order, other.order);
    }
  }

  private final Spec spec;
  private final Recorder recorder;
  private final Chance chance;
  private final Mischief mischief;
  private final Memory memory;
  private final Memory lowMemory;
  private final SwiotlbPool pool;
  private final PriorityQueue<Timer> timers = new PriorityQueue<>();
  private final List<DmaDevice> devices = new ArrayList<>();
  private final List<Unit> units = new ArrayList<>();
  private final Map<String, Integer> groups = new LinkedHashMap<>();
  private final List<Peer> peers = new ArrayList<>();
  private final PciTree pci;
  private long timersSet;
  private boolean stopping;

  /**
   * An idle machine.
   *
   * @param mischief null where drivers and kernel are to be honest
   */
  public Machine(Spec spec, Recorder recorder, Chance chance, Mischief mischief) {
    this.spec = spec;
    this.recorder = recorder;
    this.chance = chance;
    this.mischief = mischief;
    this.memory = new Memory(MEMORY_START, chance.split("memory"));
    this.lowMemory = new Memory(LOW_MEMORY_START, chance.split("low memory"));
    this.pool = SwiotlbPool.ofDefaultSize(SWIOTLB_START, spec.cpus());
    boolean moved = chance.split("pci").percent(TRANSLATING_BRIDGE_PERCENT);
    this.pci = new PciTree(moved ? BRIDGE_OFFSET : 0, spec.backend().hasGroups());
  }

  public Layout layout() {
    return spec.layout();
  }

  public Generation generation() {
    return spec.generation();
  }

  public Backend backend() {
    return spec.backend();
  }

  public int cpus() {
    return spec.cpus();
  }

  public boolean dmaDebug() {
    return spec.dmaDebug();
  }

  /**
   * True where a recorder watches {@code dma_mapping_error()} and what else tracepoints leave out.
   */
  public boolean probes() {
    return spec.probes();
  }

  public Memory memory() {
    return memory;
  }

  /** Memory that a device reaches: most of it lies above 4 GiB. */
  Memory memoryBelow(long limitAddr) {
    return Long.compareUnsigned(limitAddr, MEMORY_START) < 0 ? lowMemory : memory;
  }

  /** Whose memory it is. */
  Memory memoryAt(long physAddr) {
    return physAddr < MEMORY_START ? lowMemory : memory;
  }

  public Recorder recorder() {
    return recorder;
  }

  Mischief mischief() {
    return mischief;
  }

  /** Devices in the order they were plugged in. */
  public List<DmaDevice> devices() {
    return List.copyOf(devices);
  }

  /** The stream of chance of that name. */
  public Chance chance(String name) {
    return chance.split(name);
  }

  /**
   * Plugs a PCI device in; behind an IOMMU it gets a group and a domain of its own, which is
   * traced.
   *
   * @param limits what its driver sets
   */
  public DmaDevice plug(HardwareModel model, Place place, UnaryOperator<DeviceParameters> limits) {
    PciTree.Function function = pci.plug(model, place);
    return add(
        limits.apply(DeviceParameters.pci(function.name())),
        model,
        Optional.of(function),
        List.of(IommuParameters.X86_MSI, pci.windowAbove(function)));
  }

  /** Plugs a PCI device in where the machine's layout wants it. */
  public DmaDevice plug(HardwareModel model, UnaryOperator<DeviceParameters> limits) {
    return plug(model, spec.layout().place(devices.size()), limits);
  }

  /** Puts a device on the board, next to the CPU. */
  public DmaDevice solder(
      String name, HardwareModel model, UnaryOperator<DeviceParameters> limits) {
    return add(
        limits.apply(DeviceParameters.platform(name)),
        model,
        Optional.empty(),
        List.of(IommuParameters.X86_MSI));
  }

  private DmaDevice add(
      DeviceParameters parameters,
      HardwareModel model,
      Optional<PciTree.Function> function,
      List<AddressRange> reserved) {
    DmaDevice device = new DmaDevice(this, backendOf(parameters, reserved));
    devices.add(device);
    units.add(new Unit(device, model, function));
    join(parameters.name());
    return device;
  }

  /** Plugs in a device whose memory others are given. */
  public Peer plugPeer(HardwareModel model, Place place) {
    PciTree.Function function = pci.plug(model, place);
    join(function.name());
    Peer peer = peer(function, place);
    peers.add(peer);
    return peer;
  }

  private Peer peer(PciTree.Function function, Place place) {
    return new Peer(
        this,
        function.name(),
        place,
        function.bar().startAddr(),
        function.bar().sizeBytes(),
        function.bar().busOffset().getAsLong());
  }

  /** Devices whose memory others are given, in the order in which they were plugged in. */
  public List<Peer> peers() {
    return List.copyOf(peers);
  }

  /** Lets time pass while nothing happens. */
  public void sleep(long ns) {
    recorder.waitUntil(recorder.nowNs() + ns);
  }

  /** The device appears in a group, where there are groups. */
  void join(String name) {
    if (spec.backend().hasGroups()) {
      int group = groups.size();
      groups.put(name, group);
      recorder.emit(new IommuGroupChange(recorder.header(BOOT), group, name, true));
      recorder.emit(new IommuAttach(recorder.header(BOOT), name));
    }
  }

  /** The device is pulled out. Returns the sequence of the event that tells of it. */
  long leave(Context at, String name) {
    return recorder.emit(
        new IommuGroupChange(recorder.header(at), groups.remove(name), name, false));
  }

  PciTree pci() {
    return pci;
  }

  SwiotlbPool pool() {
    return pool;
  }

  /** Physical address of the last bounce buffers, which no allocation comes up to. */
  public long bounceSlots() {
    return pool.startAddr()
        + (long) pool.slots() * SwiotlbPool.SLOT_BYTES
        - SwiotlbPool.MAPPING_BYTES_MAX;
  }

  List<Unit> units() {
    return units;
  }

  Optional<Unit> unit(String name) {
    return units.stream().filter(unit -> unit.device().name().equals(name)).findFirst();
  }

  int groupCount() {
    return groups.size();
  }

  OptionalInt groupOf(String name) {
    Integer group = groups.get(name);
    return group == null ? OptionalInt.empty() : OptionalInt.of(group);
  }

  /** The memory window of a device; empty where it has none. */
  public Optional<Peer> windowOf(DmaDevice device) {
    return unit(device.name())
        .flatMap(Unit::function)
        .map(function -> peer(function, Place.ROOT_PORT));
  }

  /** Name of the driver that is bound. */
  String driverOf(DmaDevice device) {
    return unit(device.name()).orElseThrow().model().driver();
  }

  /** What the capture kit would write down here. */
  public RigManifest manifest() {
    return MachineManifest.of(this);
  }

  private MappingBackend backendOf(DeviceParameters parameters, List<AddressRange> reserved) {
    return switch (spec.backend()) {
      case DIRECT, IDENTITY -> DirectBackend.of(parameters, pool);
      case SWIOTLB -> DirectBackend.forced(parameters, pool);
      case STRICT -> new IommuBackend(parameters, domain(FlushPolicy.STRICT, reserved), pool);
      case LAZY -> new IommuBackend(parameters, domain(FlushPolicy.LAZY, reserved), pool);
    };
  }

  private IommuDomain domain(FlushPolicy policy, List<AddressRange> reserved) {
    IommuParameters parameters =
        new IommuParameters(
            IommuParameters.PAGES_4K_2M_1G, 0, OptionalLong.empty(), reserved, policy);
    return new IommuDomain(parameters, spec.cpus());
  }

  /** Lets something happen later. */
  public void after(long delayNs, Runnable action) {
    timers.add(new Timer(recorder.nowNs() + delayNs, timersSet++, action));
  }

  /** True once drivers are to begin nothing new: what is under way comes to its end. */
  public boolean stopping() {
    return stopping;
  }

  /** Runs until so many events were recorded or event time is up, whichever is first. */
  public void run(long sequenceEnd, long timeEndNs) {
    while (recorder.nextSequence() < sequenceEnd && recorder.nowNs() < timeEndNs && step()) {}
  }

  /** Lets what is under way come to its end. */
  public void finish() {
    stopping = true;
    while (step()) {}
  }

  private boolean step() {
    Timer next = timers.poll();
    if (next == null) {
      return false;
    }
    recorder.waitUntil(next.timeNs());
    next.action().run();
    return true;
  }

  Moment moment(Context at) {
    return new Moment(recorder.nowNs(), at.cpu());
  }

  long virtAddr(long physAddr) {
    return DIRECT_MAP + physAddr;
  }
}
