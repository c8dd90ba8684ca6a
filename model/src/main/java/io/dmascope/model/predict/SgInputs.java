package io.dmascope.model.predict;

import io.dmascope.model.backend.PageTableRun;
import io.dmascope.model.event.DmaMapSg;
import io.dmascope.model.scatterlist.PhysList;
import java.util.ArrayList;
import java.util.List;

/**
 * The input lengths of a recorded {@code dma_map_sg}, which the event does not carry. Where nothing
 * was merged they are the output lengths. Of a merged list the page-table runs tell at which
 * address each entry was placed: an entry reaches to the next one's place, and the last of a
 * segment to the segment's end.
 *
 * <pre>
 *   phys_addrs  A         B      C        entries, lengths unknown
 *   iommu:map   [A . . . .][B . . C . .]  runs; C continues B in memory, so both are one run
 *   dma_addrs   [ - - - - - - -][- - - ]  segments, lengths known
 * </pre>
 */
final class SgInputs {
  /** A list with more ways to read it than this is called ambiguous without a further look. */
  private static final int READINGS_MAX = 64;

  /** What became of a recovery. */
  sealed interface Result {
    record Known(PhysList list, long iova) implements Result {}

    /** The first entries of a truncated list, up to the last one whose length is known. */
    record Prefix(PhysList list, long iova) implements Result {}

    record Unknown(Reason reason) implements Result {}
  }

  private final DmaMapSg event;
  private final List<PageTableRun> runs;
  private final long granule;
  private final List<long[]> readings = new ArrayList<>();

  private SgInputs(DmaMapSg event, List<PageTableRun> runs, long granule) {
    this.event = event;
    this.runs = runs;
    this.granule = granule;
  }

  /** Recovers the lengths from the event and the runs of its task, which may be none. */
  static Result recover(DmaMapSg event, List<PageTableRun> runs, long granule) {
    if (event.physAddrs().isEmpty() || event.dmaAddrs().isEmpty()) {
      return new Result.Unknown(Reason.EMPTY_LIST);
    }
    SgInputs inputs = new SgInputs(event, runs, granule);
    return runs.isEmpty() ? inputs.withoutRuns() : inputs.fromRuns();
  }

  private Result withoutRuns() {
    int nents = event.physAddrs().size();
    if (event.fullEnts() == event.fullNents()) {
      PhysList list = new PhysList();
      for (int i = 0; i < Math.min(nents, event.lengths().size()); i++) {
        list.add(phys(i), event.lengths().at(i));
      }
      return event.truncated() ? new Result.Prefix(list, iova()) : new Result.Known(list, iova());
    }
    return event.truncated() ? new Result.Unknown(Reason.TRUNCATED) : onePieceEach();
  }

  /** If the segments have as many granules as there are entries, each entry has exactly one. */
  private Result onePieceEach() {
    PhysList list = new PhysList();
    int entry = 0;
    for (int j = 0; j < event.dmaAddrs().size(); j++) {
      long left = event.lengths().at(j);
      while (left > 0 && entry < event.physAddrs().size()) {
        long length = Math.min(left, granule - offset(entry));
        list.add(phys(entry++), length);
        left -= length;
      }
      if (left > 0) {
        return new Result.Unknown(Reason.NO_PAGE_TABLE_EVENTS);
      }
    }
    return entry == event.physAddrs().size()
        ? new Result.Known(list, iova())
        : new Result.Unknown(Reason.NO_PAGE_TABLE_EVENTS);
  }

  private Result fromRuns() {
    long[] places = new long[event.physAddrs().size() + 1];
    PageTableRun last = runs.getLast();
    places[places.length - 1] = last.iova() + last.sizeBytes();
    if (base(0) != runs.getFirst().physAddr()) {
      return new Result.Unknown(Reason.RUNS_DO_NOT_FIT);
    }
    places[0] = runs.getFirst().iova();
    read(1, 0, places);
    List<PhysList> lists = readings.stream().map(this::lengths).filter(l -> l.size() > 0).toList();
    return switch (lists.size()) {
      case 0 -> new Result.Unknown(event.truncated() ? Reason.TRUNCATED : Reason.RUNS_DO_NOT_FIT);
      case 1 ->
          event.truncated()
              ? new Result.Prefix(lists.getFirst(), places[0])
              : new Result.Known(lists.getFirst(), places[0]);
      default -> new Result.Unknown(Reason.AMBIGUOUS_INPUT);
    };
  }

  /** Places entry {@code index} behind the one before it, which lies in run {@code run}. */
  private void read(int index, int run, long[] places) {
    int at = index;
    int in = run;
    while (at < event.physAddrs().size()) {
      PageTableRun current = runs.get(in);
      long continued = current.iova() + base(at) - current.physAddr();
      boolean continues =
          Long.compareUnsigned(continued, places[at - 1]) > 0
              && Long.compareUnsigned(continued - current.iova(), current.sizeBytes()) < 0;
      boolean begins = in + 1 < runs.size() && runs.get(in + 1).physAddr() == base(at);
      if (!continues && !begins) {
        return;
      }
      if (continues && begins && readings.size() < READINGS_MAX) {
        long[] other = places.clone();
        other[at] = continued;
        read(at + 1, in, other);
      }
      in += begins ? 1 : 0;
      places[at++] = begins ? runs.get(in).iova() : continued;
    }
    if ((event.truncated() || in == runs.size() - 1) && readings.size() < READINGS_MAX) {
      readings.add(places.clone());
    }
  }

  /** The entries where they are so placed; an empty list where the segments contradict it. */
  private PhysList lengths(long[] places) {
    return event.truncated() ? prefixLengths(places) : allLengths(places);
  }

  /**
   * The same of a list whose end was not traced. Each entry reaches to the next one's place; where
   * that starts a segment, the one before may end short of it.
   */
  private PhysList prefixLengths(long[] places) {
    PhysList list = new PhysList();
    int segment = -1;
    long left = 0;
    for (int i = 0; i + 2 < places.length; i++) {
      if (startsSegment(segment + 1, places[i] + offset(i))) {
        left = event.lengths().at(++segment);
      }
      long room = places[i + 1] - places[i] - offset(i);
      boolean ends = startsSegment(segment + 1, places[i + 1] + offset(i + 1));
      // Which entry begins the first segment that was not traced is not known.
      boolean mayEnd = segment + 1 == event.dmaAddrs().size() && segment + 1 < event.fullEnts();
      long length = ends ? left : mayEnd ? Math.min(room, left) : room;
      if (segment < 0 || length <= 0 || length > room || length > left) {
        return new PhysList();
      }
      list.add(phys(i), length);
      left -= length;
      if (left == 0 && mayEnd) {
        return list;
      }
    }
    return list;
  }

  private boolean startsSegment(int segment, long dmaAddr) {
    return segment < event.dmaAddrs().size() && event.dmaAddrs().at(segment) == dmaAddr;
  }

  private PhysList allLengths(long[] places) {
    PhysList list = new PhysList();
    int segment = -1;
    long left = 0;
    for (int i = 0; i + 1 < places.length; i++) {
      boolean starts =
          segment + 1 < event.dmaAddrs().size()
              && event.dmaAddrs().at(segment + 1) == places[i] + offset(i);
      if (starts) {
        if (left != 0) {
          return new PhysList();
        }
        left = event.lengths().at(++segment);
      }
      boolean ends =
          i + 2 == places.length
              || (segment + 1 < event.dmaAddrs().size()
                  && event.dmaAddrs().at(segment + 1) == places[i + 1] + offset(i + 1));
      long room = places[i + 1] - places[i] - offset(i);
      long length = ends ? left : room;
      if (length <= 0 || length > room || length > left) {
        return new PhysList();
      }
      list.add(phys(i), length);
      left -= length;
    }
    return left == 0 && segment + 1 == event.dmaAddrs().size() ? list : new PhysList();
  }

  private long iova() {
    return event.dmaAddrs().at(0) & -granule;
  }

  private long phys(int index) {
    return event.physAddrs().at(index);
  }

  private long base(int index) {
    return phys(index) & -granule;
  }

  private long offset(int index) {
    return phys(index) & (granule - 1);
  }
}
