package io.dmascope.producer.synthetic.machine;

import io.dmascope.model.backend.DeviceParameters;
import io.dmascope.model.backend.DirectBackend;
import io.dmascope.model.backend.IommuBackend;
import io.dmascope.model.backend.IommuDomain;
import io.dmascope.model.backend.IommuParameters;
import io.dmascope.model.backend.IommuParameters.FlushPolicy;
import io.dmascope.model.backend.MappingBackend;
import io.dmascope.model.backend.Moment;
import io.dmascope.model.backend.SwiotlbPool;
import io.dmascope.model.event.IommuAttach;
import io.dmascope.model.event.IommuGroupChange;
import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;

/**
 * A machine without hardware: devices, memory, CPUs and a queue of what happens next in event time.
 * Everything that happens is decided by the seed.
 *
 * <p>Owned by one thread.
 */
public final class Machine {
  /** RAM above 4 GiB, so that a 32-bit device cannot reach it. */
  private static final long MEMORY_START = 0x1_0000_0000L;

  private static final long SWIOTLB_START = 0x3400_0000L;
  private static final long DIRECT_MAP = 0xffff_8880_0000_0000L;

  /**
   * What a machine is made of.
   *
   * @param dmaDebug whether the kernel was built with {@code CONFIG_DMA_API_DEBUG}, which traces
   *     every sync and takes unmaps from everyone
   * @param probes whether a recorder watches what stock tracepoints do not tell
   */
  public record Spec(
      Generation generation, Backend backend, int cpus, boolean dmaDebug, boolean probes) {
    public Spec {
      if (cpus < 1 || cpus > 1024) {
        throw new IllegalArgumentException("1 to 1024 CPUs [cpus=%d]".formatted(cpus));
      }
    }
  }

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
  private final SwiotlbPool pool;
  private final PriorityQueue<Timer> timers = new PriorityQueue<>();
  private final List<DmaDevice> devices = new ArrayList<>();
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
    this.pool = SwiotlbPool.ofDefaultSize(SWIOTLB_START, spec.cpus());
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
   * Plugs a device in; behind an IOMMU it gets a group and a domain of its own, which is traced.
   */
  public DmaDevice plug(DeviceParameters parameters) {
    DmaDevice device = new DmaDevice(this, backendOf(parameters));
    devices.add(device);
    if (spec.backend().translates()) {
      Context boot = new Context(0, 1, "swapper/0");
      int group = devices.size() - 1;
      recorder.emit(new IommuGroupChange(recorder.header(boot), group, parameters.name(), true));
      recorder.emit(new IommuAttach(recorder.header(boot), parameters.name()));
    }
    return device;
  }

  private MappingBackend backendOf(DeviceParameters parameters) {
    return switch (spec.backend()) {
      case DIRECT -> DirectBackend.of(parameters, pool);
      case SWIOTLB -> DirectBackend.forced(parameters, pool);
      case STRICT -> new IommuBackend(parameters, domain(FlushPolicy.STRICT), pool);
      case LAZY -> new IommuBackend(parameters, domain(FlushPolicy.LAZY), pool);
    };
  }

  private IommuDomain domain(FlushPolicy policy) {
    return new IommuDomain(IommuParameters.x86(policy), spec.cpus());
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
