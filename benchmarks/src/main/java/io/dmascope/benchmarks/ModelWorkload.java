package io.dmascope.benchmarks;

import io.dmascope.model.event.DmaDirection;
import io.dmascope.model.event.DmaMap;
import io.dmascope.model.event.DmaUnmap;
import io.dmascope.model.event.EventHeader;
import io.dmascope.model.event.IommuMap;
import io.dmascope.model.event.IommuUnmap;
import io.dmascope.model.event.MapApi;
import io.dmascope.model.event.TraceEvent;
import java.util.ArrayList;
import java.util.List;

/** Events of a healthy driver with a fixed number of single mappings in flight. */
final class ModelWorkload {
  private static final long PAGE = 4096;

  private static final String DEVICE = "0000:03:00.0";
  private static final String TASK = "kworker/u16:2";
  private static final long FIRST_ADDR = 0xf000_0000L;

  /** Addresses come round, as rings and allocators let them. */
  private static final int ADDRESSES = 1 << 20;

  private final List<TraceEvent> events = new ArrayList<>();
  private final boolean translated;

  private ModelWorkload(boolean translated) {
    this.translated = translated;
  }

  /**
   * Maps {@code live} pages, then maps one and unmaps the oldest, until there are that many events.
   */
  static TraceEvent[] of(int count, int live, boolean translated) {
    ModelWorkload workload = new ModelWorkload(translated);
    for (int i = 0; workload.events.size() < count; i++) {
      workload.map(address(i));
      if (i >= live) {
        workload.unmap(address(i - live));
      }
    }
    return workload.events.subList(0, count).toArray(TraceEvent[]::new);
  }

  /** Maps the pages from number {@code from} to before {@code to}; the number is the sequence. */
  static TraceEvent[] maps(int from, int to) {
    TraceEvent[] maps = new TraceEvent[to - from];
    for (int i = from; i < to; i++) {
      EventHeader header = new EventHeader(i, i * 1000L, 1, 40, TASK, i + 1L);
      maps[i - from] = map(header, address(i), address(i));
    }
    return maps;
  }

  private static long address(int i) {
    return FIRST_ADDR + (i % ADDRESSES) * PAGE;
  }

  private void map(long addr) {
    long phys = addr + (translated ? 1L << 33 : 0);
    if (translated) {
      events.add(new IommuMap(header(), addr, phys, PAGE));
    }
    events.add(map(header(), addr, phys));
  }

  private static DmaMap map(EventHeader header, long addr, long phys) {
    return new DmaMap(header, DEVICE, MapApi.PHYS, DmaDirection.TO_DEVICE, addr, PAGE, phys, 0);
  }

  private void unmap(long addr) {
    if (translated) {
      events.add(new IommuUnmap(header(), addr, PAGE, PAGE));
    }
    events.add(new DmaUnmap(header(), DEVICE, MapApi.PHYS, DmaDirection.TO_DEVICE, addr, PAGE, 0));
  }

  private EventHeader header() {
    long sequence = events.size();
    return new EventHeader(sequence, sequence * 1000, 1, 40, TASK, sequence + 1);
  }
}
