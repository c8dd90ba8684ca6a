package io.dmascope.producer.synthetic.recording;

import io.dmascope.model.event.CaptureEnd;
import io.dmascope.model.event.CaptureFacts;
import io.dmascope.model.event.CaptureStart;
import io.dmascope.model.event.DmaMap;
import io.dmascope.model.event.DmaMapSg;
import io.dmascope.model.event.DmaUnmap;
import io.dmascope.model.event.EventHeader;
import io.dmascope.model.event.EventsLost;
import io.dmascope.model.event.InputCounts;
import io.dmascope.model.event.IommuGroupChange;
import io.dmascope.model.event.IommuUnmap;
import io.dmascope.model.event.ProbeEvent;
import io.dmascope.model.event.TraceEvent;
import io.dmascope.model.event.U64List;
import io.dmascope.producer.ingest.order.Resequencer;
import io.dmascope.producer.synthetic.machine.Chance;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What went wrong while a capture was recorded. The events keep their place ({@link
 * EventHeader#place()}), so that each can be found again; their sequence is dense as ever.
 */
public enum RecordingFault {
  /** Everything was recorded, in order. */
  NONE {
    @Override
    List<TraceEvent> record(List<TraceEvent> events, Chance chance) {
      return events;
    }
  },
  /** Ring buffers overran: stretches of single CPUs are missing, and said to be. */
  LOST {
    @Override
    List<TraceEvent> record(List<TraceEvent> events, Chance chance) {
      List<TraceEvent> rest = events;
      int gaps = 1 + chance.below(3);
      for (int i = 0; i < gaps; i++) {
        rest = lose(rest, chance);
      }
      return rest;
    }
  },
  /** Lists are cut far earlier than kernels cut them. */
  TRUNCATED {
    @Override
    List<TraceEvent> record(List<TraceEvent> events, Chance chance) {
      int entriesMax = 1 + chance.below(8);
      return events.stream().map(event -> truncated(event, entriesMax)).toList();
    }
  },
  /** Recording began when drivers had long been at work. */
  MID_LIFE {
    @Override
    List<TraceEvent> record(List<TraceEvent> events, Chance chance) {
      int dropped = events.size() / 10 + chance.below(Math.max(1, events.size() / 3));
      CaptureStart start = (CaptureStart) events.getFirst();
      List<TraceEvent> rest = new ArrayList<>();
      rest.add(new CaptureStart(start.header(), begunLate(start.facts())));
      for (TraceEvent event : events.subList(1 + dropped, events.size())) {
        if (!(event instanceof IommuGroupChange)) {
          rest.add(event);
        }
      }
      return rest;
    }
  },
  /**
   * Clocks of CPUs are apart, so that events stand at the wrong place: that of one CPU, or all. The
   * trace clock {@code local} promises no better.
   */
  CLOCK_SKEW {
    @Override
    List<TraceEvent> record(List<TraceEvent> events, Chance chance) {
      long apartNs = apartNs(chance);
      int only = events.get(events.size() / 2).header().cpu();
      boolean all = chance.percent(50);
      Map<Integer, Long> offsets = new HashMap<>();
      List<TraceEvent> body = new ArrayList<>();
      for (TraceEvent event : events.subList(1, events.size() - 1)) {
        int cpu = event.header().cpu();
        body.add(
            all || cpu == only
                ? shifted(
                    event, offsets.computeIfAbsent(cpu, _ -> chance.between(-apartNs, apartNs)))
                : event);
      }
      body.sort(Comparator.comparingLong(event -> event.header().timestampNs()));
      long last = Math.max(body.getLast().header().timestampNs(), stampOf(events.getLast()));
      body.addFirst(events.getFirst());
      body.addLast(stamped(events.getLast(), last));
      return body;
    }
  },
  /**
   * Unmaps are logged late, as {@code dma_unmap_phys} may be when its CPU was taken away: the IOVA
   * may have been given out again before.
   */
  LATE_UNMAPS {
    @Override
    List<TraceEvent> record(List<TraceEvent> events, Chance chance) {
      List<TraceEvent> late = new ArrayList<>(events);
      for (int i = 1; i + 2 < late.size(); i++) {
        if (late.get(i) instanceof DmaUnmap unmap
            && late.get(i - 1) instanceof IommuUnmap
            && chance.oneIn(8)) {
          delay(late, i, unmap, chance);
        }
      }
      return late;
    }
  };

  /** How many events of other CPUs may stand between an unmap and its line. */
  private static final int LATE_EVENTS_MAX = 12;

  private static final int LOST_EVENTS_MAX = 40;

  /** Most clocks that are apart are so by fractions of a microsecond or by some. */
  private static long apartNs(Chance chance) {
    int percent = chance.below(100);
    return percent < 40 ? 1_000 : percent < 90 ? 50_000 : 240_000;
  }

  abstract List<TraceEvent> record(List<TraceEvent> events, Chance chance);

  /** What users call it: {@code late-unmaps}. */
  public String key() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /**
   * The capture as it was recorded.
   *
   * @param events a whole capture, each event's place its sequence
   */
  public List<TraceEvent> applyTo(List<TraceEvent> events, Chance chance) {
    List<TraceEvent> recorded = record(events, chance);
    List<TraceEvent> numbered = new ArrayList<>(recorded.size());
    for (TraceEvent event : recorded) {
      TraceEvent whole = event instanceof CaptureEnd end ? counted(end, recorded) : event;
      numbered.add(
          whole.header().sequence() == numbered.size()
              ? whole
              : Resequencer.moved(whole, numbered.size()));
    }
    return numbered;
  }

  private static TraceEvent counted(CaptureEnd end, List<TraceEvent> recorded) {
    long lost =
        recorded.stream()
            .mapToLong(event -> event instanceof EventsLost gap ? gap.count() : 0)
            .sum();
    long events = recorded.size() - 2L;
    return new CaptureEnd(end.header(), new InputCounts(events, events, events, 0, 0, lost));
  }

  private static CaptureFacts begunLate(CaptureFacts facts) {
    return new CaptureFacts(
        facts.captureId(),
        facts.file(),
        facts.format(),
        facts.kernelRelease(),
        facts.clock(),
        false,
        facts.rig());
  }

  /**
   * The ring tells of a loss where the CPU is heard again: without that there is no loss here, and
   * two without an event between them are one.
   */
  private static List<TraceEvent> lose(List<TraceEvent> events, Chance chance) {
    int first = 1 + chance.below(events.size() - 2);
    int cpu = events.get(first).header().cpu();
    int count = 1 + chance.below(LOST_EVENTS_MAX);
    int from = isGapOf(events.get(first - 1), cpu) ? first - 1 : first;
    List<TraceEvent> rest = new ArrayList<>(events.subList(0, from));
    int lost = 0;
    int joined = 0;
    boolean told = false;
    for (TraceEvent event : events.subList(from, events.size())) {
      if (told || event.header().cpu() != cpu) {
        rest.add(event);
      } else if (event instanceof EventsLost before) {
        joined += (int) before.count();
      } else if (lost < count) {
        lost++;
      } else {
        rest.add(gap(event.header(), cpu, joined + lost));
        rest.add(event);
        told = true;
      }
    }
    return told ? rest : events;
  }

  private static boolean isGapOf(TraceEvent event, int cpu) {
    return event instanceof EventsLost && event.header().cpu() == cpu;
  }

  private static TraceEvent gap(EventHeader before, int cpu, int count) {
    EventHeader header =
        new EventHeader(
            before.sequence(), before.timestampNs(), cpu, EventHeader.UNKNOWN, "", NOWHERE);
    return new EventsLost(header, count, EventsLost.Cause.OVERRUN);
  }

  /** The place of what was not in the capture before. */
  public static final long NOWHERE = -1;

  private static TraceEvent truncated(TraceEvent event, int entriesMax) {
    if (!(event instanceof DmaMapSg map) || map.physAddrs().size() <= entriesMax) {
      return event;
    }
    return new DmaMapSg(
        map.header(),
        map.device(),
        map.direction(),
        map.fullNents(),
        map.fullEnts(),
        head(map.physAddrs(), entriesMax),
        head(map.dmaAddrs(), entriesMax),
        head(map.lengths(), entriesMax),
        map.attrs());
  }

  private static U64List head(U64List list, int size) {
    return list.size() <= size ? list : U64List.wrap(Arrays.copyOf(list.toArray(), size));
  }

  private static TraceEvent shifted(TraceEvent event, long offsetNs) {
    return stamped(event, stampOf(event) + offsetNs);
  }

  private static long stampOf(TraceEvent event) {
    return event.header().timestampNs();
  }

  private static TraceEvent stamped(TraceEvent event, long timestampNs) {
    EventHeader old = event.header();
    return Resequencer.under(
        event,
        new EventHeader(
            old.sequence(), timestampNs, old.cpu(), old.pid(), old.comm(), old.place()));
  }

  /** Moves the unmap behind events of other CPUs, but not behind what had to wait for it. */
  private static void delay(List<TraceEvent> events, int from, DmaUnmap unmap, Chance chance) {
    int to = from;
    int steps = 1 + chance.below(LATE_EVENTS_MAX);
    while (to + 2 < events.size() && to - from < steps && mayPass(unmap, events.get(to + 1))) {
      to++;
    }
    if (to > from) {
      events.remove(from);
      long passed = events.get(to - 1).header().timestampNs();
      events.add(to, stamped(unmap, passed + 1));
    }
  }

  private static boolean mayPass(DmaUnmap unmap, TraceEvent next) {
    EventHeader header = next.header();
    boolean elsewhere =
        header.cpu() != unmap.header().cpu()
            && (header.pid() != unmap.header().pid() || header.pid() == 0);
    // What names the same address says that the driver's unmap had come back.
    // remove() comes back after its unmaps.
    boolean letGo = next instanceof ProbeEvent.DriverBinding || next instanceof IommuGroupChange;
    return elsewhere
        && !letGo
        && !(next instanceof DmaMap map && map.dmaAddr() == unmap.dmaAddr() && sameMemory(map));
  }

  /** Mappings of the same memory wait for the unmap; an IOVA that was given out again does not. */
  private static boolean sameMemory(DmaMap map) {
    return map.physAddr() == map.dmaAddr();
  }
}
