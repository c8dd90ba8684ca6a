package io.dmascope.model.scenario;

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
import io.dmascope.model.event.DmaSync;
import io.dmascope.model.event.DmaSyncSg;
import io.dmascope.model.event.DmaUnmap;
import io.dmascope.model.event.DmaUnmapSg;
import io.dmascope.model.event.EventHeader;
import io.dmascope.model.event.EventsLost;
import io.dmascope.model.event.InputCounts;
import io.dmascope.model.event.IoPageFault;
import io.dmascope.model.event.IommuGroupChange;
import io.dmascope.model.event.IommuMap;
import io.dmascope.model.event.IommuUnmap;
import io.dmascope.model.event.MapApi;
import io.dmascope.model.event.ProbeShape;
import io.dmascope.model.event.SwiotlbBounce;
import io.dmascope.model.event.SyncTarget;
import io.dmascope.model.event.TraceEvent;
import io.dmascope.model.event.U64List;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads the table that scenarios are written in: one event a line, {@code #} begins a comment.
 *
 * <pre>
 * device  MAP        addr size dir [phys=] [attrs=]     UNMAP addr size dir [attrs=]
 * device  MAP_RES    addr size dir                      UNMAP_RES addr size dir
 * device  ALLOC      addr size [virt=]                  FREE  addr size [virt=] [dir=]
 * device  ALLOC_PAGES, FREE_PAGES                       ALLOC_SGT, FREE_SGT
 * device  MAP_SG     dir phys={…} [dma={…}] [len={…}] [nents=] [ents=]
 * device  UNMAP_SG   dir phys={…}
 * device  SYNC_CPU   addr size dir                      SYNC_DEV
 * device  SYNC_SG_CPU dir dma={…} len={…}               SYNC_SG_DEV
 * device  GROUP_ADD  id                                 GROUP_REMOVE id
 * device  BOUNCE     addr size [mask=] [forced=yes]
 * device  FAULT      iova READ|WRITE [error_ns=]
 * device  ATTACH     inode attachment                   DETACH
 * -       IOMMU_MAP  iova phys size                     IOMMU_UNMAP iova size [unmapped=]
 * -       LOST       count                              START [complete] [kernel=] [clock=]
 * device  sg_table   stage=MAPPED nents=1 …             any probe event, by its name in ProbeShape
 * </pre>
 *
 * What is known of the machine stands before the events:
 *
 * <pre>
 * device  RIG        [driver=] [mask=] [coherent_mask=] [bus_limit=] [max_seg=] [boundary=] [min_align=]
 *                    [coherent=yes|no] [group=] [parent=] [port=] [acs=redirects|off] [vendor=] [id=]
 *                    [bars=first-last,…] [bus_offset=]
 * group   RIG_GROUP  [type=] [reserved=first-last,…] [kind=]
 * bridge  RIG_BRIDGE [window=first-last,…]
 * -       RIG_CPU    [vendor=] [family=] [online=] [line=] [page=]
 * -       RIG_MEMORY first-last name_with_underscores [depth=]
 * </pre>
 *
 * Every line may carry {@code cpu=} (0), {@code pid=} (100) and {@code t=} in microseconds; without
 * it time advances by ten microseconds a line. Numbers are decimal or 0x.
 */
public final class ScenarioReader {
  private final List<TraceEvent> events = new ArrayList<>();
  private final ScenarioRig rig = new ScenarioRig();
  private long nowNs;

  private ScenarioReader() {}

  /** Reads the lines and adds the capture's start and end where the text has none. */
  public static List<TraceEvent> read(String text) {
    ScenarioReader reader = new ScenarioReader();
    int number = 0;
    for (String line : text.lines().toList()) {
      number++;
      String event = line.replaceFirst("#.*", "").strip();
      if (!event.isEmpty()) {
        reader.line(event, number);
      }
    }
    reader.events.add(new CaptureEnd(reader.header(new Words("- END"), number), InputCounts.NONE));
    return reader.events;
  }

  private void line(String text, int place) {
    Words w = new Words(text);
    if (rig.takes(w)) {
      return;
    }
    boolean start = w.at(1).equals("START");
    if (events.isEmpty()) {
      CaptureFacts facts =
          new CaptureFacts(
              "scenario",
              "scenario",
              "text",
              w.get("kernel", ""),
              w.get("clock", ""),
              start && text.contains("complete"),
              rig.manifest());
      events.add(new CaptureStart(header(new Words("- START"), 0), facts));
    }
    if (!start) {
      events.add(event(w, place));
    }
  }

  private EventHeader header(Words w, int place) {
    nowNs = w.get("t", "").isEmpty() ? nowNs + 10_000 : Long.parseLong(w.get("t", "")) * 1000;
    return new EventHeader(
        events.size(), nowNs, (int) w.number("cpu", 0), (int) w.number("pid", 100), "task", place);
  }

  private TraceEvent event(Words w, int place) {
    EventHeader h = header(w, place);
    String device = w.at(0);
    return switch (w.at(1)) {
      case "MAP", "MAP_RES" ->
          new DmaMap(
              h,
              device,
              api(w),
              w.direction(4),
              w.address(2),
              w.number(3),
              w.number("phys", w.address(2)),
              w.attrs());
      case "UNMAP", "UNMAP_RES" ->
          new DmaUnmap(h, device, api(w), w.direction(4), w.address(2), w.number(3), w.attrs());
      case "ALLOC", "ALLOC_PAGES" ->
          new DmaAlloc(
              h,
              device,
              alloc(w),
              w.direction("dir"),
              w.address(2),
              w.number(3),
              w.number("virt", 0x1000),
              false,
              "",
              w.attrs());
      case "FREE", "FREE_PAGES" ->
          new DmaFree(
              h,
              device,
              alloc(w),
              w.direction("dir"),
              w.address(2),
              w.number(3),
              w.number("virt", 0x1000),
              false,
              w.attrs());
      case "ALLOC_SGT" ->
          new DmaAllocSgt(
              h,
              device,
              w.direction("dir"),
              w.address(2),
              w.number(3),
              w.list("phys"),
              false,
              "",
              w.attrs());
      case "FREE_SGT" ->
          new DmaFreeSgt(h, device, w.direction("dir"), w.address(2), w.number(3), w.list("phys"));
      case "MAP_SG" -> mapSg(h, device, w);
      case "UNMAP_SG" -> new DmaUnmapSg(h, device, w.direction(2), w.list("phys"), w.attrs());
      case "SYNC_CPU", "SYNC_DEV" ->
          new DmaSync(h, device, target(w), w.direction(4), w.address(2), w.number(3));
      case "SYNC_SG_CPU", "SYNC_SG_DEV" ->
          new DmaSyncSg(h, device, target(w), w.direction(2), w.list("dma"), w.list("len"));
      case "GROUP_ADD" -> new IommuGroupChange(h, (int) w.number(2), device, true);
      case "GROUP_REMOVE" -> new IommuGroupChange(h, (int) w.number(2), device, false);
      case "BOUNCE" ->
          new SwiotlbBounce(
              h, device, w.number("mask", 0xffffffffL), w.address(2), w.number(3), w.has("forced"));
      case "FAULT" ->
          new IoPageFault(
              h,
              device,
              "",
              w.address(2),
              0,
              true,
              w.at(3).equals("WRITE"),
              w.number("error_ns", 0));
      case "ATTACH", "DETACH" ->
          new DmaBufEvent(
              h,
              DmaBufEvent.Kind.valueOf(w.at(1)),
              "system",
              4096,
              w.number(2),
              -1,
              w.number(3),
              true,
              device);
      case "IOMMU_MAP" -> new IommuMap(h, w.address(2), w.address(3), w.number(4));
      case "IOMMU_UNMAP" ->
          new IommuUnmap(h, w.address(2), w.number(3), w.number("unmapped", w.number(3)));
      case "LOST" -> new EventsLost(h, w.number(2), EventsLost.Cause.OVERRUN);
      default ->
          ProbeShape.named(w.at(1))
              .map(shape -> probe(shape, h, device, w))
              .orElseThrow(() -> new IllegalArgumentException("unknown operation: " + w.at(1)));
    };
  }

  private static DmaMapSg mapSg(EventHeader h, String device, Words w) {
    U64List phys = w.list("phys");
    U64List dma = w.has("dma") ? w.list("dma") : phys;
    long[] pages = new long[dma.size()];
    Arrays.fill(pages, 4096);
    return new DmaMapSg(
        h,
        device,
        w.direction(2),
        (int) w.number("nents", phys.size()),
        (int) w.number("ents", dma.size()),
        phys,
        dma,
        w.has("len") ? w.list("len") : U64List.wrap(pages),
        w.attrs());
  }

  private static TraceEvent probe(ProbeShape shape, EventHeader h, String device, Words w) {
    Object[] values = shape.absentValues();
    for (int i = 0; i < values.length; i++) {
      ProbeShape.Field field = shape.fields().get(i);
      String label = field.label();
      if (label.equals("device")) {
        values[i] = device.equals("-") ? "" : device;
      } else if (w.has(label)) {
        values[i] =
            switch (field.form()) {
              case TEXT -> w.get(label, "");
              case LIST -> w.list(label);
              case NUMBER, INT, FLAG -> (Object) w.number(label, 0);
              case CONSTANT -> (Object) (long) field.constants().indexOf(w.get(label, ""));
            };
      }
    }
    return shape.event(h, values);
  }

  private static MapApi api(Words w) {
    return w.at(1).endsWith("_RES") ? MapApi.RESOURCE : MapApi.PAGE;
  }

  private static AllocApi alloc(Words w) {
    return w.at(1).endsWith("_PAGES") ? AllocApi.PAGES : AllocApi.COHERENT;
  }

  private static SyncTarget target(Words w) {
    return w.at(1).endsWith("_CPU") ? SyncTarget.CPU : SyncTarget.DEVICE;
  }

  /** A line cut into plain words and {@code name=value} words. */
  static final class Words {
    private final List<String> plain = new ArrayList<>();
    private final Map<String, String> named = new HashMap<>();

    Words(String text) {
      for (String word : text.split("\\s+")) {
        int equals = word.indexOf('=');
        if (equals < 0) {
          plain.add(word);
        } else {
          named.put(word.substring(0, equals), word.substring(equals + 1));
        }
      }
    }

    String at(int index) {
      return plain.get(index);
    }

    boolean has(String name) {
      return named.containsKey(name);
    }

    String get(String name, String missing) {
      return named.getOrDefault(name, missing);
    }

    long number(int index) {
      return parse(at(index));
    }

    long number(String name, long missing) {
      return has(name) ? parse(named.get(name)) : missing;
    }

    long address(int index) {
      return at(index).equals("ERROR") ? DmaAddress.ERROR : parse(at(index));
    }

    DmaDirection direction(int index) {
      return DmaDirection.valueOf(at(index));
    }

    DmaDirection direction(String name) {
      return DmaDirection.valueOf(get(name, "BIDIRECTIONAL"));
    }

    long attrs() {
      long attrs = 0;
      for (String name : get("attrs", "").split("\\|")) {
        attrs |= DmaAttrs.bit(name).orElse(0);
      }
      return attrs;
    }

    U64List list(String name) {
      String inner = get(name, "{}").replaceAll("[{}]", "");
      return inner.isEmpty()
          ? U64List.EMPTY
          : U64List.wrap(Arrays.stream(inner.split(",")).mapToLong(Words::parse).toArray());
    }

    static long parse(String text) {
      return text.equals("ERROR")
          ? DmaAddress.ERROR
          : text.startsWith("0x")
              ? Long.parseUnsignedLong(text.substring(2), 16)
              : Long.parseLong(text);
    }
  }
}
