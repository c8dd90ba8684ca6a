package io.dmascope.tables;

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
import io.dmascope.model.event.IoPageFault;
import io.dmascope.model.event.IommuAttach;
import io.dmascope.model.event.IommuGroupChange;
import io.dmascope.model.event.IommuMap;
import io.dmascope.model.event.IommuUnmap;
import io.dmascope.model.event.MapApi;
import io.dmascope.model.event.Marker;
import io.dmascope.model.event.ProbeEvent;
import io.dmascope.model.event.SwiotlbBounce;
import io.dmascope.model.event.TraceEvent;
import io.dmascope.model.event.U64List;
import io.dmascope.model.finding.MappingKind;
import io.dmascope.model.finding.MappingLifecycle;
import java.io.IOException;

/** Turns what a capture comes to into rows; each method writes one. */
public final class CaptureRows {
  private final String capture;
  private WallTime wall = WallTime.UNKNOWN;
  private CaptureFacts facts;

  /**
   * @param capture name for its column
   */
  public CaptureRows(String capture) {
    this.capture = capture;
  }

  /** Tells what the capture is, before the first row. */
  public void facts(CaptureFacts facts) {
    this.facts = facts;
    this.wall = WallTime.of(facts);
  }

  public void event(TraceEvent event, RowWriter to) throws IOException {
    EventHeader header = event.header();
    to.text(capture).integer(header.sequence()).integer(header.timestampNs());
    wall(header.timestampNs(), to);
    known(header.cpu(), to);
    known(header.pid(), to);
    to.known(header.comm()).integer(header.place()).text(Names.of(event));
    switch (event) {
      case DmaMap e ->
          new Own(to)
              .who(e.device(), e.direction(), e.api(), e.attrs())
              .where(e.dmaAddr(), e.physAddr(), e.sizeBytes())
              .outcome(e.dmaAddr() == DmaAddress.ERROR, e.attrs());
      case DmaUnmap e ->
          new Own(to)
              .who(e.device(), e.direction(), e.api(), e.attrs())
              .at(e.dmaAddr(), e.sizeBytes())
              .outcome(false, e.attrs());
      case DmaMapSg e ->
          new Own(to)
              .who(e.device(), e.direction(), MappingKind.SCATTER_GATHER)
              .list(e.dmaAddrs(), e.physAddrs(), e.lengths(), e.fullNents(), e.fullEnts())
              .outcome(false, e.attrs());
      case DmaMapSgError e ->
          new Own(to)
              .who(e.device(), e.direction(), MappingKind.SCATTER_GATHER)
              .list(U64List.EMPTY, e.physAddrs(), U64List.EMPTY, e.physAddrs().size(), 0)
              .outcome(true, e.attrs(), "error " + e.error());
      case DmaUnmapSg e ->
          new Own(to)
              .who(e.device(), e.direction(), MappingKind.SCATTER_GATHER)
              .list(U64List.EMPTY, e.physAddrs(), U64List.EMPTY, e.physAddrs().size(), -1)
              .outcome(false, e.attrs());
      case DmaAlloc e ->
          new Own(to)
              .who(e.device(), e.direction(), e.api())
              .at(e.dmaAddr(), e.sizeBytes())
              .outcome(e.failed(), e.attrs(), e.gfpFlags());
      case DmaFree e ->
          new Own(to)
              .who(e.device(), e.direction(), e.api())
              .at(e.dmaAddr(), e.sizeBytes())
              .outcome(false, e.attrs());
      case DmaAllocSgt e ->
          new Own(to)
              .who(e.device(), e.direction(), MappingKind.NONCONTIGUOUS)
              .where(e.dmaAddr(), first(e.physAddrs()), e.sizeBytes())
              .outcome(e.failed(), e.attrs(), e.gfpFlags());
      case DmaFreeSgt e ->
          new Own(to)
              .who(e.device(), e.direction(), MappingKind.NONCONTIGUOUS)
              .where(e.dmaAddr(), first(e.physAddrs()), e.sizeBytes())
              .rest("");
      case DmaSync e ->
          new Own(to)
              .who(e.device(), e.direction())
              .at(e.dmaAddr(), e.sizeBytes())
              .rest("for " + Names.lower(e.target()));
      case DmaSyncSg e ->
          new Own(to)
              .who(e.device(), e.direction())
              .list(e.dmaAddrs(), U64List.EMPTY, e.lengths(), e.dmaAddrs().size(), -1)
              .rest("for " + Names.lower(e.target()));
      case IommuMap e -> new Own(to).who("").where(e.iova(), e.physAddr(), e.sizeBytes()).rest("");
      case IommuUnmap e ->
          new Own(to)
              .who("")
              .at(e.iova(), e.sizeBytes())
              .rest("removed " + e.unmappedBytes() + " bytes");
      case IoPageFault e ->
          new Own(to)
              .who(e.device())
              .at(e.iova(), -1)
              .rest(e.accessKnown() ? e.write() ? "write" : "read" : "");
      case SwiotlbBounce e ->
          new Own(to)
              .who(e.device())
              .at(e.deviceAddr(), e.sizeBytes())
              .rest(e.forced() ? "forced" : "");
      case DmaBufEvent e -> new Own(to).who(e.device()).size(e.sizeBytes()).rest(e.exporter());
      case IommuGroupChange e ->
          new Own(to)
              .who(e.device())
              .nowhere()
              .rest((e.added() ? "joins group " : "leaves group ") + e.groupId());
      case IommuAttach e -> new Own(to).who(e.device()).nowhere().rest("");
      case ProbeEvent e -> new Own(to).who(e.device()).nowhere().rest("");
      case EventsLost e ->
          new Own(to)
              .who("")
              .nowhere()
              .rest(Names.of(e.cause()) + (e.count() < 0 ? "" : " " + e.count()));
      case Marker e -> new Own(to).who("").nowhere().rest(e.text());
      case CaptureStart e -> new Own(to).who("").nowhere().rest(e.facts().format());
      case CaptureEnd _ -> new Own(to).who("").nowhere().rest("");
    }
    to.endRow();
  }

  public void lifecycle(MappingLifecycle life, RowWriter to) throws IOException {
    to.text(capture)
        .known(life.device())
        .known(driver(life.device()))
        .known(Names.of(life.direction()))
        .text(Names.of(life.kind()))
        .address(life.dmaAddr())
        .integer(life.sizeBytes())
        .integer(life.nents())
        .integer(life.ents())
        .integer(life.mapped().sequence())
        .integer(life.mapped().timestampNs());
    known(life.mapped().pid(), to);
    to.known(life.mapped().comm())
        .integer(life.unmapped().sequence())
        .integer(life.unmapped().timestampNs());
    known(life.unmapped().pid(), to);
    to.known(life.unmapped().comm()).integer(life.lifetimeNs()).endRow();
  }

  private String driver(String device) {
    return facts == null
        ? ""
        : facts.rig().device(device).map(rigDevice -> rigDevice.driver()).orElse("");
  }

  public void aggregate(Aggregate aggregate, RowWriter to) throws IOException {
    to.text(capture).integer(aggregate.windowStartNs()).integer(aggregate.windowNs());
    wall(aggregate.windowStartNs(), to);
    Site site = aggregate.site();
    to.known(site.device()).known(aggregate.driver()).known(site.direction()).known(site.kind());
    for (Measure measure : Measure.values()) {
      to.integer(aggregate.value(measure));
    }
    spread(aggregate.lifetimesNs(), to);
    spread(aggregate.sizesBytes(), to);
    to.endRow();
  }

  private static void spread(Spread spread, RowWriter to) throws IOException {
    to.integer(spread.count()).integer(spread.sum());
    if (spread.count() == 0) {
      to.nothing().nothing().nothing().nothing();
    } else {
      to.integer(spread.percentile(50))
          .integer(spread.percentile(99))
          .integer(spread.max())
          .text(spread.encoded());
    }
  }

  public void ruleCount(RuleCount count, RowWriter to) throws IOException {
    to.text(capture)
        .integer(count.windowStartNs())
        .integer(count.windowNs())
        .known(count.device())
        .text(count.ruleId())
        .text(count.confidence())
        .integer(count.occurrences())
        .endRow();
  }

  /** Writes the stamp's date, or nothing. */
  public void wall(long timestampNs, RowWriter to) throws IOException {
    if (wall.isKnown()) {
      to.integer(wall.at(timestampNs));
    } else {
      to.nothing();
    }
  }

  private static void known(int number, RowWriter to) throws IOException {
    if (number == EventHeader.UNKNOWN) {
      to.nothing();
    } else {
      to.integer(number);
    }
  }

  private static long first(U64List list) {
    return list.isEmpty() ? 0 : list.at(0);
  }

  /** The cells behind the header's, which an event fills as far as it tells them. */
  private static final class Own {
    private final RowWriter to;

    Own(RowWriter to) {
      this.to = to;
    }

    Own who(String device) throws IOException {
      to.known(device).nothing().nothing();
      return this;
    }

    Own who(String device, DmaDirection direction) throws IOException {
      to.known(device).known(Names.of(direction)).nothing();
      return this;
    }

    Own who(String device, DmaDirection direction, MappingKind kind) throws IOException {
      to.known(device).known(Names.of(direction)).text(Names.of(kind));
      return this;
    }

    Own who(String device, DmaDirection direction, MapApi api, long attrs) throws IOException {
      return who(device, direction, Kinds.of(api, attrs));
    }

    Own who(String device, DmaDirection direction, AllocApi api) throws IOException {
      return who(device, direction, Kinds.of(api));
    }

    Own where(long dmaAddr, long physAddr, long sizeBytes) throws IOException {
      to.address(dmaAddr).address(physAddr).integer(sizeBytes).nothing().nothing();
      return this;
    }

    /** Where the event tells no physical address, and perhaps no size. */
    Own at(long dmaAddr, long sizeBytes) throws IOException {
      to.address(dmaAddr).nothing();
      if (sizeBytes < 0) {
        to.nothing();
      } else {
        to.integer(sizeBytes);
      }
      to.nothing().nothing();
      return this;
    }

    Own size(long sizeBytes) throws IOException {
      to.nothing().nothing().integer(sizeBytes).nothing().nothing();
      return this;
    }

    Own nowhere() throws IOException {
      to.nothing().nothing().nothing().nothing().nothing();
      return this;
    }

    /** Lists that the event does not carry are empty, an unknown {@code ents} is negative. */
    Own list(U64List dmaAddrs, U64List physAddrs, U64List lengths, int nents, int ents)
        throws IOException {
      head(dmaAddrs);
      head(physAddrs);
      if (lengths.isEmpty()) {
        to.nothing();
      } else {
        to.integer(lengths.sum());
      }
      to.integer(nents);
      if (ents < 0) {
        to.nothing();
      } else {
        to.integer(ents);
      }
      return this;
    }

    private void head(U64List list) throws IOException {
      if (list.isEmpty()) {
        to.nothing();
      } else {
        to.address(list.at(0));
      }
    }

    void outcome(boolean failed, long attrs) throws IOException {
      outcome(failed, attrs, "");
    }

    void outcome(boolean failed, long attrs, String detail) throws IOException {
      to.integer(failed ? 1 : 0);
      if (attrs == 0) {
        to.nothing();
      } else {
        to.text(DmaAttrs.toText(attrs));
      }
      to.known(detail);
    }

    void rest(String detail) throws IOException {
      to.integer(0).nothing().known(detail);
    }
  }
}
