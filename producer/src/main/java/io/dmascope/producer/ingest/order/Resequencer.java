package io.dmascope.producer.ingest.order;

import io.dmascope.model.event.CaptureEnd;
import io.dmascope.model.event.CaptureStart;
import io.dmascope.model.event.DmaAlloc;
import io.dmascope.model.event.DmaAllocSgt;
import io.dmascope.model.event.DmaBufEvent;
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
import io.dmascope.model.event.Marker;
import io.dmascope.model.event.ProbeEvent;
import io.dmascope.model.event.ProbeShape;
import io.dmascope.model.event.SwiotlbBounce;
import io.dmascope.model.event.TraceEvent;

/** Moves events along in their capture, so that another fits in before them. */
public final class Resequencer {
  private Resequencer() {}

  /** The same event at another place in the sequence. */
  public static TraceEvent moved(TraceEvent event, long sequence) {
    EventHeader old = event.header();
    return under(
        event,
        new EventHeader(
            sequence, old.timestampNs(), old.cpu(), old.pid(), old.comm(), old.place()));
  }

  /** The same event under another header. */
  public static TraceEvent under(TraceEvent event, EventHeader header) {
    return switch (event) {
      case CaptureStart e -> new CaptureStart(header, e.facts());
      case CaptureEnd e -> new CaptureEnd(header, e.input());
      case DmaMap e ->
          new DmaMap(
              header,
              e.device(),
              e.api(),
              e.direction(),
              e.dmaAddr(),
              e.sizeBytes(),
              e.physAddr(),
              e.attrs());
      case DmaUnmap e ->
          new DmaUnmap(
              header, e.device(), e.api(), e.direction(), e.dmaAddr(), e.sizeBytes(), e.attrs());
      case DmaMapSg e ->
          new DmaMapSg(
              header,
              e.device(),
              e.direction(),
              e.fullNents(),
              e.fullEnts(),
              e.physAddrs(),
              e.dmaAddrs(),
              e.lengths(),
              e.attrs());
      case DmaMapSgError e ->
          new DmaMapSgError(header, e.device(), e.direction(), e.physAddrs(), e.error(), e.attrs());
      case DmaUnmapSg e ->
          new DmaUnmapSg(header, e.device(), e.direction(), e.physAddrs(), e.attrs());
      case DmaAlloc e ->
          new DmaAlloc(
              header,
              e.device(),
              e.api(),
              e.direction(),
              e.dmaAddr(),
              e.sizeBytes(),
              e.cpuAddr(),
              e.cpuAddrIsPhys(),
              e.gfpFlags(),
              e.attrs());
      case DmaFree e ->
          new DmaFree(
              header,
              e.device(),
              e.api(),
              e.direction(),
              e.dmaAddr(),
              e.sizeBytes(),
              e.cpuAddr(),
              e.cpuAddrIsPhys(),
              e.attrs());
      case DmaAllocSgt e ->
          new DmaAllocSgt(
              header,
              e.device(),
              e.direction(),
              e.dmaAddr(),
              e.sizeBytes(),
              e.physAddrs(),
              e.failed(),
              e.gfpFlags(),
              e.attrs());
      case DmaFreeSgt e ->
          new DmaFreeSgt(
              header, e.device(), e.direction(), e.dmaAddr(), e.sizeBytes(), e.physAddrs());
      case DmaSync e ->
          new DmaSync(header, e.device(), e.target(), e.direction(), e.dmaAddr(), e.sizeBytes());
      case DmaSyncSg e ->
          new DmaSyncSg(header, e.device(), e.target(), e.direction(), e.dmaAddrs(), e.lengths());
      case IommuMap e -> new IommuMap(header, e.iova(), e.physAddr(), e.sizeBytes());
      case IommuUnmap e -> new IommuUnmap(header, e.iova(), e.sizeBytes(), e.unmappedBytes());
      case IommuGroupChange e -> new IommuGroupChange(header, e.groupId(), e.device(), e.added());
      case IommuAttach e -> new IommuAttach(header, e.device());
      case IoPageFault e ->
          new IoPageFault(
              header,
              e.device(),
              e.driver(),
              e.iova(),
              e.flags(),
              e.accessKnown(),
              e.write(),
              e.timeErrorNs());
      case SwiotlbBounce e ->
          new SwiotlbBounce(
              header, e.device(), e.dmaMask(), e.deviceAddr(), e.sizeBytes(), e.forced());
      case DmaBufEvent e ->
          new DmaBufEvent(
              header,
              e.kind(),
              e.exporter(),
              e.sizeBytes(),
              e.inode(),
              e.fd(),
              e.attachment(),
              e.dynamic(),
              e.device());
      case ProbeEvent e -> {
        ProbeShape shape = ProbeShape.of(e);
        yield shape.event(header, shape.values(e));
      }
      case EventsLost e -> new EventsLost(header, e.count(), e.cause());
      case Marker e -> new Marker(header, e.text());
    };
  }
}
