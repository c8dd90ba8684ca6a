package io.dmascope.model.predict;

import io.dmascope.model.backend.Mapping;
import io.dmascope.model.event.DmaDirection;
import io.dmascope.model.event.DmaMap;
import io.dmascope.model.event.DmaMapSg;
import io.dmascope.model.event.EventHeader;
import io.dmascope.model.event.IommuMap;
import io.dmascope.model.event.MapApi;
import io.dmascope.model.event.SwiotlbBounce;
import io.dmascope.model.event.TraceEvent;
import io.dmascope.model.event.U64List;
import io.dmascope.model.rig.RigManifest;
import io.dmascope.model.scatterlist.PhysList;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Events as a kernel would have traced them, for the tests of the predictions. */
final class Recorded {
  static final String DEVICE = "0000:03:00.0";

  private final List<TraceEvent> events = new ArrayList<>();

  EventHeader header() {
    return new EventHeader(events.size(), 1000L * events.size(), 1, 42, "dd", events.size() + 1);
  }

  Recorded iommuMap(long iova, long phys, long size) {
    events.add(new IommuMap(header(), iova, phys, size));
    return this;
  }

  Recorded bounce(long addr, long size) {
    events.add(new SwiotlbBounce(header(), DEVICE, -1L, addr, size, true));
    return this;
  }

  Recorded map(long dma, long phys, long size) {
    events.add(
        new DmaMap(header(), DEVICE, MapApi.PHYS, DmaDirection.TO_DEVICE, dma, size, phys, 0));
    return this;
  }

  /** A list as the kernel maps it, with its page-table events. */
  Recorded list(PhysList input, Mapping mapping) {
    mapping.pageTableRuns().forEach(r -> iommuMap(r.iova(), r.physAddr(), r.sizeBytes()));
    return listOnly(input, mapping);
  }

  Recorded listOnly(PhysList input, Mapping mapping) {
    events.add(mapSg(header(), input, mapping));
    return this;
  }

  static DmaMapSg mapSg(EventHeader header, PhysList input, Mapping mapping) {
    long[] phys = new long[input.size()];
    for (int i = 0; i < phys.length; i++) {
      phys[i] = input.physAddr(i);
    }
    return new DmaMapSg(
        header,
        DEVICE,
        DmaDirection.TO_DEVICE,
        phys.length,
        mapping.ents(),
        U64List.wrap(phys),
        mapping.dmaAddrs(),
        mapping.lengths(),
        0);
  }

  /** The event as a kernel traces it that keeps only so many entries of each list. */
  static DmaMapSg truncated(DmaMapSg event, int tracedMax) {
    return new DmaMapSg(
        event.header(),
        event.device(),
        event.direction(),
        event.fullNents(),
        event.fullEnts(),
        first(event.physAddrs(), tracedMax),
        first(event.dmaAddrs(), tracedMax),
        first(event.lengths(), tracedMax),
        event.attrs());
  }

  private static U64List first(U64List list, int count) {
    return U64List.wrap(Arrays.copyOf(list.toArray(), Math.min(count, list.size())));
  }

  Recorded add(TraceEvent event) {
    events.add(event);
    return this;
  }

  CaptureParameters survey() {
    CaptureSurvey survey = new CaptureSurvey(RigManifest.UNKNOWN);
    events.forEach(survey::apply);
    return survey.parameters();
  }

  PredictionReport check() {
    PredictionCheck check = new PredictionCheck(survey());
    events.forEach(check::apply);
    return check.report();
  }
}
