package io.dmascope.tables.perfetto;

import io.dmascope.model.event.CaptureFacts;
import io.dmascope.model.event.DmaAddress;
import io.dmascope.model.event.DmaAlloc;
import io.dmascope.model.event.DmaAllocSgt;
import io.dmascope.model.event.DmaMap;
import io.dmascope.model.event.DmaMapSg;
import io.dmascope.model.event.EventsLost;
import io.dmascope.model.event.IoPageFault;
import io.dmascope.model.event.SwiotlbBounce;
import io.dmascope.model.event.TraceEvent;
import io.dmascope.model.finding.DeviceSummary;
import io.dmascope.model.finding.EventRef;
import io.dmascope.model.finding.MappingLifecycle;
import io.dmascope.model.finding.RelatedEvent;
import io.dmascope.model.finding.Violation;
import io.dmascope.tables.Names;
import java.io.IOException;
import java.io.OutputStream;
import java.util.HashMap;
import java.util.Map;

/**
 * Writes one capture as a trace of track events: a track for the recording, under it one for each
 * device with its mappings, counters, findings and faults.
 *
 * <p>Mappings are thinned ({@link Thinning}) and counters are drawn once each {@link
 * #COUNTER_STEP_NS}; findings, faults, losses and the events that findings point to are all drawn.
 */
public final class PerfettoTrace {
  /** Event time between two points of a counter: finer than a screen of a second's trace. */
  static final long COUNTER_STEP_NS = 100_000;

  /** Tracks of devices; further devices share the last. */
  private static final int DEVICES_MAX = 1_000;

  private static final String OTHERS = "(others)";

  private final Packets packets;
  private final Thinning mappings = new Thinning();
  private final Map<String, DeviceTracks> devices = new HashMap<>();
  private CaptureFacts facts;
  private long rig;
  private long flows;
  private long crowded;

  public PerfettoTrace(OutputStream out) {
    this.packets = new Packets(out);
  }

  /** Tells what the capture is; before everything else. */
  public void facts(CaptureFacts facts) throws IOException {
    this.facts = facts;
    rig = packets.track(0, "dmascope " + facts.file() + " " + facts.kernelRelease());
  }

  /** Draws what is an event of its own: faults, bounces, losses. */
  public void event(TraceEvent event) throws IOException {
    switch (event) {
      case IoPageFault fault -> {
        Message drawn = packets.event(of(fault.device()).findings());
        Packets.name(drawn, "fault", "IOMMU fault");
        Packets.annotateAddress(drawn, "iova", fault.iova());
        packets.instant(drawn, fault.header().timestampNs());
      }
      case SwiotlbBounce bounce -> of(bounce.device()).bounced(bounce);
      case DmaMap map when map.dmaAddr() != DmaAddress.ERROR ->
          made(event, map.device(), map.sizeBytes());
      case DmaMapSg map -> made(event, map.device(), map.lengths().sum());
      case DmaAlloc alloc when !alloc.failed() -> made(event, alloc.device(), alloc.sizeBytes());
      case DmaAllocSgt alloc when !alloc.failed() -> made(event, alloc.device(), alloc.sizeBytes());
      case EventsLost lost -> {
        Message drawn = packets.event(rig);
        Packets.name(drawn, "loss", "events lost");
        Packets.annotate(drawn, "count", lost.count());
        packets.instant(drawn, lost.header().timestampNs());
      }
      default -> {}
    }
  }

  private void made(TraceEvent event, String device, long sizeBytes) throws IOException {
    of(device).change(event.header().timestampNs(), 1, sizeBytes);
  }

  /** Puts a device's counters right: what ends without a known beginning is in no lifecycle. */
  public void summary(DeviceSummary summary) throws IOException {
    of(summary.device()).stands(summary);
  }

  public void lifecycle(MappingLifecycle life) throws IOException {
    of(life.device()).change(life.unmapped().timestampNs(), -1, -life.sizeBytes());
    if (mappings.draws()) {
      of(life.device()).mapping(life);
    }
  }

  /** Draws a finding by its first occurrence, with arrows from the events it conflicts with. */
  public void finding(Violation first, long occurrences) throws IOException {
    long track = of(first.device()).findings();
    Message drawn = packets.event(track);
    Packets.name(drawn, "finding", first.ruleId() + " " + first.message());
    long firstFlow = flows + 1;
    for (int i = 0; i < first.related().size(); i++) {
      Packets.flow(drawn, ++flows);
    }
    Packets.annotate(drawn, "rule", first.ruleId());
    Packets.annotate(drawn, "severity", Names.of(first.severity()));
    Packets.annotate(drawn, "confidence", Names.of(first.confidence()));
    Packets.annotate(drawn, "because", first.because());
    Packets.annotateAddress(drawn, "dma_addr", first.dmaAddr());
    Packets.annotate(drawn, "size_bytes", first.sizeBytes());
    Packets.annotate(drawn, "occurrences", occurrences);
    at(drawn, first.at());
    packets.instant(drawn, first.at().timestampNs());
    for (RelatedEvent related : first.related()) {
      Message cause = packets.event(track);
      Packets.name(cause, "evidence", related.what());
      Packets.flow(cause, firstFlow++);
      at(cause, related.at());
      packets.instant(cause, related.at().timestampNs());
    }
  }

  private static void at(Message drawn, EventRef at) {
    Packets.annotate(drawn, "sequence", at.sequence());
    Packets.annotate(drawn, "place", at.place());
    Packets.annotate(drawn, "task", at.comm() + " " + at.pid());
  }

  /** Ends the trace: the last point of each counter. */
  public void finish() throws IOException {
    for (DeviceTracks device : devices.values()) {
      device.finish();
    }
  }

  /** Mappings that were left out to keep the trace small. */
  public long thinnedOut() {
    return mappings.left() + crowded;
  }

  /** Packets written. */
  public long packets() {
    return packets.written();
  }

  private DeviceTracks of(String device) throws IOException {
    String name = device.isEmpty() ? "(no device)" : device;
    DeviceTracks known = devices.get(name);
    if (known == null && devices.size() >= DEVICES_MAX) {
      name = OTHERS;
      known = devices.get(name);
    }
    if (known == null) {
      known = new DeviceTracks(name);
      devices.put(name, known);
    }
    return known;
  }

  /** What is drawn of one device. */
  private final class DeviceTracks {
    private final long group;
    private final Map<String, Lanes> lanes = new HashMap<>();
    private long findings;
    private long bouncedTrack;
    private long bouncedBytes;
    private final long mappingsTrack;
    private final long bytesTrack;
    private long drawnNs = Long.MIN_VALUE;
    private long lastNs = Long.MIN_VALUE;
    private long liveMappings;
    private long liveBytes;

    DeviceTracks(String name) throws IOException {
      String driver = facts.rig().device(name).map(device -> device.driver()).orElse("");
      group = packets.track(rig, driver.isEmpty() ? name : name + " " + driver);
      mappingsTrack = packets.counter(group, "live mappings", Packets.Unit.COUNT);
      bytesTrack = packets.counter(group, "live bytes", Packets.Unit.BYTES);
    }

    long findings() throws IOException {
      if (findings == 0) {
        findings = packets.track(group, "findings and faults");
      }
      return findings;
    }

    void bounced(SwiotlbBounce bounce) throws IOException {
      if (bouncedTrack == 0) {
        bouncedTrack = packets.counter(group, "bounced bytes", Packets.Unit.BYTES);
      }
      bouncedBytes += bounce.sizeBytes();
      packets.count(bouncedTrack, bounce.header().timestampNs(), bouncedBytes);
    }

    void change(long timestampNs, long mappings, long bytes) throws IOException {
      liveMappings = Math.max(0, liveMappings + mappings);
      liveBytes = Math.max(0, liveBytes + bytes);
      lastNs = Math.max(lastNs, timestampNs);
      if (drawnNs == Long.MIN_VALUE || lastNs - drawnNs >= COUNTER_STEP_NS) {
        draw();
      }
    }

    void stands(DeviceSummary summary) {
      liveMappings = summary.liveMappings();
      liveBytes = summary.liveBytes();
    }

    private void draw() throws IOException {
      packets.count(mappingsTrack, lastNs, liveMappings);
      packets.count(bytesTrack, lastNs, liveBytes);
      drawnNs = lastNs;
    }

    void finish() throws IOException {
      if (lastNs != Long.MIN_VALUE) {
        draw();
      }
    }

    void mapping(MappingLifecycle life) throws IOException {
      long startNs = life.mapped().timestampNs();
      long endNs = Math.max(startNs, life.unmapped().timestampNs());
      String lane = Names.of(life.kind()) + " mappings";
      Lanes of = lanes.computeIfAbsent(lane, _ -> new Lanes());
      long track = of.take(startNs);
      if (track == 0 && !of.canGrow()) {
        crowded++;
        return;
      }
      if (track == 0) {
        of.grow();
        track = packets.track(group, lane);
      }
      Message begin = packets.event(track);
      String direction = Names.of(life.direction());
      Packets.name(begin, "mapping", life.sizeBytes() + " B " + direction);
      Packets.annotateAddress(begin, "dma_addr", life.dmaAddr());
      Packets.annotate(begin, "size_bytes", life.sizeBytes());
      Packets.annotate(begin, "direction", direction);
      Packets.annotate(begin, "nents", life.nents());
      Packets.annotate(begin, "ents", life.ents());
      Packets.annotate(begin, "mapped_by", life.mapped().comm() + " " + life.mapped().pid());
      Packets.annotate(begin, "unmapped_by", life.unmapped().comm() + " " + life.unmapped().pid());
      Packets.annotate(begin, "mapped_place", life.mapped().place());
      Packets.annotate(begin, "unmapped_place", life.unmapped().place());
      packets.begin(begin, startNs);
      packets.end(packets.event(track), endNs);
      of.give(endNs, track);
    }
  }
}
