package io.dmascope.model.random;

import io.dmascope.model.event.AllocApi;
import io.dmascope.model.event.CaptureEnd;
import io.dmascope.model.event.CaptureFacts;
import io.dmascope.model.event.CaptureStart;
import io.dmascope.model.event.DmaAddress;
import io.dmascope.model.event.DmaAlloc;
import io.dmascope.model.event.DmaAllocSgt;
import io.dmascope.model.event.DmaAttrs;
import io.dmascope.model.event.DmaBufEvent;
import io.dmascope.model.event.DmaDirection;
import io.dmascope.model.event.DmaFree;
import io.dmascope.model.event.DmaFreeSgt;
import io.dmascope.model.event.DmaMap;
import io.dmascope.model.event.DmaMapSg;
import io.dmascope.model.event.DmaMapSgError;
import io.dmascope.model.event.DmaSync;
import io.dmascope.model.event.DmaSyncSg;
import io.dmascope.model.event.DmaUnmap;
import io.dmascope.model.event.DmaUnmapSg;
import io.dmascope.model.event.EventHeader;
import io.dmascope.model.event.EventsLost;
import io.dmascope.model.event.InputCounts;
import io.dmascope.model.event.IoPageFault;
import io.dmascope.model.event.IommuAttach;
import io.dmascope.model.event.IommuGroupChange;
import io.dmascope.model.event.IommuMap;
import io.dmascope.model.event.IommuUnmap;
import io.dmascope.model.event.MapApi;
import io.dmascope.model.event.Marker;
import io.dmascope.model.event.ProbeShape;
import io.dmascope.model.event.SwiotlbBounce;
import io.dmascope.model.event.SyncTarget;
import io.dmascope.model.event.TraceEvent;
import io.dmascope.model.event.U64List;
import io.dmascope.model.rig.RigManifest;
import io.dmascope.model.scenario.ScenarioReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * A capture made up from a seed: mostly what drivers do, now and then what they must not do, with
 * several devices, CPUs and tasks, with and without an IOMMU, and with gaps.
 *
 * <p>Every seed draws its own weights and switches whole kinds of events off, so that rare
 * combinations meet. Addresses come from a small pool, so that they meet too.
 */
public final class RandomTrace {
  private static final long[] SIZES = {1, 64, 1500, 2048, 4096, 8192, 65536, 1 << 20};
  private static final long[] ODD_SIZES = {0, 1L << 32, 1L << 62, -1L};
  private static final long[] ODD_ADDRESSES = {0, 0xfffL, -4096L, -1L, 1L << 63};
  private static final long[] ATTRS = {0, 0, 0, DmaAttrs.SKIP_CPU_SYNC, DmaAttrs.PRIVILEGED};

  /** What one step may do. */
  private enum Step {
    MAP,
    UNMAP,
    WRONG_UNMAP,
    MAP_SG,
    UNMAP_SG,
    WRONG_UNMAP_SG,
    ALLOC,
    FREE,
    SYNC,
    SYNC_SG,
    FAULT,
    BOUNCE,
    BUFFER,
    IOMMU,
    GROUP,
    LOST,
    PROBE,
    OTHER
  }

  /** Something that was mapped, live or ended: what later events refer to. */
  private record Thing(
      String device,
      boolean list,
      boolean allocated,
      DmaDirection direction,
      long attrs,
      long addr,
      long size,
      U64List phys,
      U64List dma,
      U64List lengths) {}

  /** A machine of which every rule knows what it asks for, and that breaks most of them. */
  private static final RigManifest EVERYTHING_KNOWN =
      ((CaptureStart)
              ScenarioReader.read(
                      """
                      -             RIG_CPU    vendor=GenuineIntel family=6 line=64
                      0000:00:00.0  RIG        parent=pci0 acs=off coherent=no mask=32 coherent_mask=20 \
                      max_seg=4096 boundary=0x1fff min_align=4095 group=0 bars=0x108000-0x10bfff
                      0000:01:00.0  RIG        parent=pci0 acs=redirects coherent=yes mask=20 max_seg=65536 \
                      boundary=0xffffffff min_align=0 group=1 bars=0x110000-0x110fff bus_offset=4096
                      0000:02:00.0  RIG        parent=pci1 acs=off mask=64 group=1 max_seg=8192 boundary=0xffff
                      0            RIG_GROUP  type=DMA_FQ reserved=0xf0108000-0xf010bfff
                      1            RIG_GROUP  type=DMA
                      pci0         RIG_BRIDGE window=0xf0100000-0xf0103fff
                      -            RIG_MEMORY 0x1000-0x10ffff System_RAM
                      -            RIG_MEMORY 0x104000-0x105fff Kernel_code depth=1
                      -            START
                      """)
                  .getFirst())
          .facts()
          .rig();

  private final Random random;
  private final List<TraceEvent> events = new ArrayList<>();
  private final List<Thing> live = new ArrayList<>();
  private final List<Thing> ended = new ArrayList<>();
  private final int[] weights = new int[Step.values().length];
  private final int devices;
  private final int cpus;
  private final int pids;
  private final int pages;
  private final boolean[] translated;
  private long nowNs = 1_000_000_000L;
  private int pid;
  private int cpu;

  private RandomTrace(long seed) {
    random = new Random(seed);
    devices = 1 + random.nextInt(4);
    cpus = 1 + random.nextInt(4);
    pids = 1 + random.nextInt(5);
    pages = 4 << random.nextInt(5);
    translated = new boolean[devices];
    for (int i = 0; i < devices; i++) {
      translated[i] = random.nextInt(3) == 0;
    }
    for (int i = 0; i < weights.length; i++) {
      weights[i] = random.nextInt(4) == 0 ? 0 : 1 + random.nextInt(8);
    }
    weights[Step.MAP.ordinal()] += 4;
    weights[Step.LOST.ordinal()] = random.nextInt(2);
  }

  /**
   * The capture of that seed: a start, about {@code steps} steps of one to three events, an end.
   */
  public static List<TraceEvent> of(long seed, int steps) {
    RandomTrace trace = new RandomTrace(seed);
    CaptureFacts facts =
        new CaptureFacts(
            "random-" + seed,
            "random",
            "text",
            trace.oneOf("", "6.12.107", "7.3.4"),
            "",
            trace.one(2));
    boolean described = (seed & 1) == 0;
    trace.events.add(
        new CaptureStart(trace.header(), described ? facts.withRig(EVERYTHING_KNOWN) : facts));
    for (int i = 0; i < steps; i++) {
      trace.step();
    }
    trace.events.add(new CaptureEnd(trace.header(), InputCounts.NONE));
    return trace.events;
  }

  private void step() {
    pid = random.nextInt(pids);
    cpu = random.nextInt(cpus);
    switch (draw()) {
      case MAP -> map();
      case UNMAP -> end(live(false), false);
      case WRONG_UNMAP -> end(any(false), true);
      case MAP_SG -> mapSg();
      case UNMAP_SG -> end(live(true), false);
      case WRONG_UNMAP_SG -> end(any(true), true);
      case ALLOC -> alloc();
      case FREE -> end(live(false), one(8));
      case SYNC -> sync(any(false));
      case SYNC_SG -> syncSg(any(true));
      case FAULT -> fault();
      case BOUNCE -> add(new SwiotlbBounce(header(), device(), -1L, addr(), size(), one(2)));
      case BUFFER -> buffer();
      case IOMMU -> iommu();
      case GROUP -> add(new IommuGroupChange(header(), random.nextInt(3), device(), !one(4)));
      case LOST -> lost();
      case PROBE -> probe();
      case OTHER -> other();
    }
  }

  /** Any probe event, its pointers from a pool so small that they meet, all values at random. */
  private void probe() {
    ProbeShape shape = ProbeShape.all().get(random.nextInt(ProbeShape.all().size()));
    int size = random.nextInt(4);
    Object[] values =
        shape.fields().stream()
            .map(
                field ->
                    switch (field.form()) {
                      case TEXT -> field.label().equals("device") ? device() : "sg_table,bio";
                      case LIST -> list(size);
                      case NUMBER -> (Object) (one(2) ? (long) random.nextInt(3) : addr());
                      case INT -> (Object) (long) random.nextInt(4);
                      case FLAG -> (Object) (long) random.nextInt(2);
                      case CONSTANT -> (Object) (long) random.nextInt(field.constants().size());
                    })
            .toArray();
    add(shape.event(header(), values));
  }

  private U64List list(int size) {
    long[] values = new long[size];
    for (int i = 0; i < size; i++) {
      values[i] = one(2) ? addr() : random.nextInt(3);
    }
    return U64List.wrap(values);
  }

  private void map() {
    String device = device();
    DmaDirection direction = direction();
    boolean behind = behindIommu(device);
    long phys = addr();
    long size = size();
    long dma = behind ? 0xf000_0000L + addr() : phys;
    if (behind && !one(20)) {
      iommuMap(dma, phys, size);
    }
    long attrs = attrs();
    if (one(25)) {
      add(new DmaMap(header(), device, api(), direction, DmaAddress.ERROR, size, phys, attrs));
      return;
    }
    add(new DmaMap(header(), device, api(), direction, dma, size, phys, attrs));
    live.add(
        new Thing(
            device,
            false,
            false,
            direction,
            attrs,
            dma,
            size,
            U64List.EMPTY,
            U64List.EMPTY,
            U64List.EMPTY));
  }

  private void mapSg() {
    String device = device();
    boolean behind = behindIommu(device);
    int nents = random.nextInt(6) + (one(30) ? 0 : 1);
    long[] phys = new long[nents];
    long[] dma = new long[behind && nents > 1 && one(2) ? nents / 2 : nents];
    long[] lengths = new long[dma.length];
    for (int i = 0; i < nents; i++) {
      phys[i] = addr();
    }
    long next = 0xf000_0000L + addr();
    for (int i = 0; i < dma.length; i++) {
      lengths[i] = SIZES[random.nextInt(SIZES.length)];
      dma[i] = behind ? next : phys[i];
      if (behind && !one(30)) {
        iommuMap(next, phys[i], lengths[i]);
      }
      next += Math.max(4096, lengths[i]);
    }
    int hidden = one(10) ? 1 + random.nextInt(300) : 0;
    DmaDirection direction = direction();
    long attrs = attrs();
    if (one(30)) {
      add(new DmaMapSgError(header(), device, direction, U64List.of(phys), -5, attrs));
      return;
    }
    U64List physAddrs = U64List.of(phys);
    U64List dmaAddrs = U64List.of(dma);
    U64List sizes = U64List.of(lengths);
    add(
        new DmaMapSg(
            header(),
            device,
            direction,
            nents + hidden,
            dma.length + (one(2) ? hidden : 0),
            physAddrs,
            dmaAddrs,
            sizes,
            attrs));
    live.add(
        new Thing(
            device,
            true,
            false,
            direction,
            attrs,
            dma.length == 0 ? 0 : dma[0],
            sizes.sum(),
            physAddrs,
            dmaAddrs,
            sizes));
  }

  private void alloc() {
    String device = device();
    long addr = addr();
    long size = size();
    DmaDirection direction = one(3) ? DmaDirection.UNKNOWN : DmaDirection.BIDIRECTIONAL;
    if (one(6)) {
      U64List phys = one(10) ? U64List.EMPTY : U64List.of(addr);
      add(new DmaAllocSgt(header(), device, direction, addr, size, phys, one(10), "", 0));
    } else {
      long virt = one(10) ? 0 : 0xffff_8880_0000_0000L + addr;
      add(
          new DmaAlloc(
              header(), device, allocApi(), direction, addr, size, virt, one(12), "", attrs()));
    }
    live.add(
        new Thing(
            device,
            false,
            true,
            direction,
            0,
            addr,
            size,
            U64List.EMPTY,
            U64List.EMPTY,
            U64List.EMPTY));
  }

  private void end(Thing thing, boolean wrongly) {
    if (thing == null) {
      return;
    }
    live.remove(thing);
    if (ended.size() > 50) {
      ended.removeFirst();
    }
    ended.add(thing);
    String device = wrongly && one(4) ? device() : thing.device;
    long addr = wrongly && one(4) ? addr() : thing.addr;
    long size = wrongly && one(3) ? size() : thing.size;
    DmaDirection direction = wrongly && one(4) ? direction() : thing.direction;
    long attrs = wrongly && one(4) ? attrs() : thing.attrs;
    if (thing.list && !(wrongly && one(5))) {
      unmapSg(thing, device, direction, attrs, wrongly);
    } else if (thing.allocated && !(wrongly && one(5))) {
      long virt = 0xffff_8880_0000_0000L + (wrongly ? addr() : thing.addr);
      add(
          one(8)
              ? new DmaFreeSgt(header(), device, direction, addr, size, U64List.EMPTY)
              : new DmaFree(
                  header(), device, allocApi(), direction, addr, size, virt, false, attrs));
      if (behindIommu(device)) {
        iommuUnmap(addr, size);
      }
    } else {
      if (behindIommu(device) && !(wrongly && one(2))) {
        iommuUnmap(addr, size);
      }
      add(new DmaUnmap(header(), device, api(), direction, addr, size, attrs));
    }
  }

  private void unmapSg(
      Thing thing, String device, DmaDirection direction, long attrs, boolean wrongly) {
    long[] phys = thing.phys.toArray();
    if (wrongly && phys.length > 1) {
      phys =
          one(2)
              ? java.util.Arrays.copyOf(phys, 1 + random.nextInt(phys.length))
              : java.util.Arrays.copyOf(phys, phys.length + 1);
    }
    add(new DmaUnmapSg(header(), device, direction, U64List.of(phys), attrs));
    if (behindIommu(device)) {
      iommuUnmap(thing.addr, thing.size);
    }
  }

  private void sync(Thing thing) {
    long addr = thing == null || one(10) ? addr() : thing.addr + (one(3) ? 64 : 0);
    long size = thing == null || one(4) ? size() : thing.size;
    String device = thing == null ? device() : thing.device;
    DmaDirection direction = thing == null || one(5) ? direction() : thing.direction;
    add(new DmaSync(header(), device, target(), direction, addr, size));
  }

  private void syncSg(Thing thing) {
    if (thing == null) {
      return;
    }
    long[] dma = thing.dma.toArray();
    long[] lengths = thing.lengths.toArray();
    if (one(4) && dma.length > 1) {
      dma[dma.length - 1] = DmaAddress.ERROR;
      lengths[dma.length - 1] = 0;
    }
    if (one(6) && dma.length > 1) {
      dma[random.nextInt(dma.length)] = addr();
    }
    DmaDirection direction = one(5) ? direction() : thing.direction;
    add(
        new DmaSyncSg(
            header(), thing.device, target(), direction, U64List.of(dma), U64List.of(lengths)));
  }

  private void fault() {
    Thing thing = any(one(3));
    long iova = thing == null || one(4) ? addr() : thing.addr + random.nextInt(5000);
    long error = one(3) ? IoPageFault.TIME_UNKNOWN : one(2) ? 50_000 : 0;
    String device = thing == null ? device() : thing.device;
    add(new IoPageFault(header(), device, "drv", iova, 0, one(2), one(2), error));
  }

  private void buffer() {
    DmaBufEvent.Kind kind =
        DmaBufEvent.Kind.values()[random.nextInt(DmaBufEvent.Kind.values().length)];
    int inode = random.nextInt(3);
    add(
        new DmaBufEvent(
            header(), kind, "system", 4096, inode, -1, random.nextInt(2), true, device()));
  }

  private void iommu() {
    long iova = 0xf000_0000L + addr();
    if (one(2)) {
      iommuMap(iova, addr(), size());
    } else {
      iommuUnmap(iova, size());
    }
  }

  private void iommuMap(long iova, long phys, long size) {
    long end = iova + size;
    long first = iova & -4096L;
    add(new IommuMap(header(), first, phys & -4096L, (end - first + 4095) & -4096L));
  }

  private void iommuUnmap(long iova, long size) {
    long first = iova & -4096L;
    long aligned = (iova + size - first + 4095) & -4096L;
    add(new IommuUnmap(header(), first, aligned, one(10) ? aligned / 2 : aligned));
  }

  private void lost() {
    EventHeader h = header();
    int of = one(4) ? EventHeader.UNKNOWN : h.cpu();
    add(
        new EventsLost(
            new EventHeader(h.sequence(), h.timestampNs(), of, h.pid(), h.comm(), h.place()),
            one(2) ? EventsLost.COUNT_UNKNOWN : 7,
            one(3) ? EventsLost.Cause.UNREADABLE : EventsLost.Cause.OVERRUN));
  }

  private void other() {
    add(one(2) ? new Marker(header(), "a marker") : new IommuAttach(header(), device()));
  }

  private void add(TraceEvent event) {
    events.add(event);
  }

  private EventHeader header() {
    nowNs += random.nextInt(one(100) ? 2_000_000_000 : 100_000);
    long stamp = one(200) ? nowNs - 1_000_000 : nowNs;
    return new EventHeader(events.size(), stamp, cpu, pid, "task" + pid, events.size() + 1L);
  }

  private Thing live(boolean list) {
    return pick(live, list);
  }

  private Thing any(boolean list) {
    return pick(one(2) ? live : ended, list);
  }

  private Thing pick(List<Thing> things, boolean list) {
    if (things.isEmpty()) {
      return null;
    }
    int from = random.nextInt(things.size());
    for (int i = 0; i < things.size(); i++) {
      Thing thing = things.get((from + i) % things.size());
      if (thing.list == list) {
        return thing;
      }
    }
    return null;
  }

  private Step draw() {
    int sum = 0;
    for (int weight : weights) {
      sum += weight;
    }
    int at = random.nextInt(sum);
    for (Step step : Step.values()) {
      at -= weights[step.ordinal()];
      if (at < 0) {
        return step;
      }
    }
    throw new IllegalStateException("weights changed while drawing");
  }

  private String device() {
    return "0000:0" + random.nextInt(devices) + ":00.0";
  }

  private boolean behindIommu(String device) {
    return translated[device.charAt(6) - '0'];
  }

  private long addr() {
    return one(60)
        ? ODD_ADDRESSES[random.nextInt(ODD_ADDRESSES.length)]
        : 0x10_0000L + 4096L * random.nextInt(pages) + (one(4) ? 512 : 0);
  }

  private long size() {
    return one(60)
        ? ODD_SIZES[random.nextInt(ODD_SIZES.length)]
        : SIZES[random.nextInt(SIZES.length)];
  }

  private long attrs() {
    return ATTRS[random.nextInt(ATTRS.length)];
  }

  private DmaDirection direction() {
    return DmaDirection.values()[random.nextInt(DmaDirection.values().length)];
  }

  private MapApi api() {
    return one(10) ? MapApi.RESOURCE : MapApi.PAGE;
  }

  private AllocApi allocApi() {
    return one(10) ? AllocApi.PAGES : AllocApi.COHERENT;
  }

  private SyncTarget target() {
    return one(2) ? SyncTarget.CPU : SyncTarget.DEVICE;
  }

  private boolean one(int in) {
    return random.nextInt(in) == 0;
  }

  private String oneOf(String... choices) {
    return choices[random.nextInt(choices.length)];
  }
}
