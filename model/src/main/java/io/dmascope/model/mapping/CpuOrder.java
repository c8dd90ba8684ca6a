package io.dmascope.model.mapping;

import io.dmascope.model.event.DmaDirection;
import io.dmascope.model.event.EventHeader;
import io.dmascope.model.event.U64List;
import io.dmascope.model.finding.MappingKind;
import io.dmascope.model.finding.RecordingDoubt;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.Map;
import java.util.TreeMap;

/**
 * What may owe itself to clocks of CPUs that disagree: the streams of CPUs are merged by their
 * stamps, so that an unmap may seem to come before its map.
 *
 * <p>Evidence is what comes after: an event that would explain what was found wrong, on another
 * CPU, sooner than clocks are apart. An address that is mapped again elsewhere looks the same, so
 * that for an unmap the question stays open until the mapping has met its fate:
 *
 * <pre>
 *   clocks apart      seen   U . M . . . . . . . M'      true   M U  M' ..
 *                            |---| close                M never ends: another takes its address
 *   unmapped twice    seen   M0 U0 U . M . . . . U'      true   the same
 *                            |---| close                M has an unmap of its own, and no map that
 *                                                       this one might belong to is close to it
 * </pre>
 *
 * An unmap that ends M but is close to a further map elsewhere proves nothing, since each unmap may
 * then be that of the map behind it; the question goes on with that one. Nor is the unmap that
 * finds nothing always the one that came early: that may be the one before, on a third CPU, which
 * then ended what this one means. What is never answered stays a suspicion.
 *
 * <p>Empty, and asked for nothing, as long as nothing is found wrong.
 */
public final class CpuOrder {
  /**
   * How far apart clocks are taken to be at most. Where they disagree at all, they do by fractions
   * of a microsecond to tens of them, rarely by some hundred.
   */
  public static final long APART_NS_MAX = 500_000;

  /** Event time after which an open question is taken for answered: that the clocks disagree. */
  static final long OPEN_NS_MAX = 10_000_000_000L;

  /** How many things wrong may wait for what explains them; more within that time are a flood. */
  static final int WANTED_MAX = 256;

  static final int QUESTIONS_MAX = 64;

  private static final long NONE = -1;

  /** Learns what became of findings. */
  public interface Listener {
    /**
     * Findings at {@code wrongAt}, and at the same bytes since, are explained by another event.
     *
     * @param open whether that is still to be decided, see {@link #decided}
     */
    void misordered(Misorder misorder, boolean open);

    /** An open question is answered. */
    void decided(long wrongAt, boolean misordered);
  }

  /** What would explain it. */
  private enum Missing {
    /** The map of what an unmap or a free names. */
    MAP,
    /** The map of what a sync names. */
    MAP_AROUND,
    /** The unmap of an older mapping. */
    UNMAP,
    /** An unmap of anything of the device. */
    UNMAP_OF_ANY,
    /** A call of {@code dma_mapping_error}. */
    CHECK
  }

  /** When a CPU's clock said what. */
  private record Moment(int cpu, long timestampNs) {
    static Moment of(EventHeader header) {
      return new Moment(header.cpu(), header.timestampNs());
    }

    /** True where clocks may be so far apart that this moment was after the event. */
    boolean mayFollow(EventHeader later) {
      return cpu != later.cpu() && isClose(later.timestampNs());
    }

    boolean isClose(long laterNs) {
      return laterNs - timestampNs <= APART_NS_MAX;
    }

    static void save(Moment moment, StateWriter out) {
      out.flag(moment != null);
      if (moment != null) {
        out.s(moment.cpu).s(moment.timestampNs);
      }
    }

    static Moment restore(StateReader in) {
      return in.flag() ? new Moment((int) in.s(), in.s()) : null;
    }
  }

  /**
   * Something found wrong.
   *
   * @param before of an unmap the one that ended before what this one may mean, of a map the older
   *     one; null where none is close
   * @param physAddrs entries of a scatterlist; empty for everything else
   * @param older sequence of the older mapping's event; for an unmap of any, that of the event; for
   *     a check, the CPU that mapped; for a map, {@link #NONE} unless one mapping less would
   *     explain it as well
   */
  private record Wanted(
      Missing missing,
      long sequence,
      Moment at,
      Moment before,
      int device,
      MappingKind kind,
      DmaDirection direction,
      long addr,
      long sizeBytes,
      U64List physAddrs,
      long older) {

    /** Which of the two the event may have come before in truth; or null. */
    Moment early(EventHeader later) {
      if (at.mayFollow(later)) {
        return at;
      }
      return before != null && before.mayFollow(later) ? before : null;
    }

    /** True where the unmap begins where the mapping does, and is wrong for it all the same. */
    boolean isWrongFor(MappedObject object) {
      return missing == Missing.MAP && physAddrs.isEmpty() && object.dmaAddr() == addr;
    }

    boolean isMadeBy(MappedObject object) {
      return switch (missing) {
        case MAP ->
            physAddrs.isEmpty()
                ? object.dmaAddr() == addr
                    && object.sizeBytes() == sizeBytes
                    && object.kind() == kind
                    && isSameDirection(object.direction())
                : object.nents() == physAddrs.size()
                    && isSameDirection(object.direction())
                    && isBeginningOf(object.physAddrs());
        case MAP_AROUND -> isAround(object);
        case UNMAP, UNMAP_OF_ANY, CHECK -> false;
      };
    }

    private boolean isSameDirection(DmaDirection other) {
      return direction == other || direction == DmaDirection.UNKNOWN;
    }

    /** The map's event may have left the end of the list out. */
    private boolean isBeginningOf(U64List mapped) {
      return !mapped.isEmpty()
          && mapped.size() <= physAddrs.size()
          && mapped.samePrefix(physAddrs, mapped.size());
    }

    private boolean isAround(MappedObject object) {
      for (int i = 0; i < object.rangeCount(); i++) {
        Range range = object.range(i);
        if (Long.compareUnsigned(range.addr(), addr) <= 0
            && Long.compareUnsigned(lastAddr(), range.lastAddr()) <= 0) {
          return true;
        }
      }
      return false;
    }

    boolean isEndedBy(MappedObject object) {
      return switch (missing) {
        // Of two alike either may be taken for the one that ended.
        // Either may have ended before the other was made; of two alike any may be taken for it.
        case UNMAP -> isMadeAt(object, older) || isMadeAt(object, sequence) || isAt(object);
        case UNMAP_OF_ANY -> object.device().id() == device && object.lastSequence() < older;
        case MAP -> older != NONE && isAt(object);
        case MAP_AROUND, CHECK -> false;
      };
    }

    private boolean isAt(MappedObject object) {
      return object.device().id() == device && object.dmaAddr() == addr;
    }

    private static boolean isMadeAt(MappedObject object, long sequence) {
      return object.firstMapped().sequence() == sequence || object.lastSequence() == sequence;
    }

    long lastAddr() {
      return Addresses.last(addr, Math.max(sizeBytes, 1));
    }
  }

  /** Whether an unmap was wrong, or only seen before its map. */
  private static final class Question {
    private Misorder misorder;
    private final int device;
    private final Moment early;
    private final long openedNs;

    /** Where the mapping ended that may have been ended before; null while it lives. */
    private Moment end;

    Question(Misorder misorder, int device, Moment early, long openedNs) {
      this.misorder = misorder;
      this.device = device;
      this.early = early;
      this.openedNs = openedNs;
    }

    boolean mayGoOnWith(EventHeader map) {
      return early.mayFollow(map) || end.mayFollow(map);
    }

    boolean isAbout(MappedObject object) {
      if (object.device().id() != device) {
        return false;
      }
      for (int i = 0; i < object.rangeCount(); i++) {
        Range range = object.range(i);
        if (Long.compareUnsigned(range.addr(), misorder.lastAddr()) <= 0
            && Long.compareUnsigned(misorder.firstAddr(), range.lastAddr()) <= 0) {
          return true;
        }
      }
      return false;
    }
  }

  private final ArrayDeque<Wanted> wanted = new ArrayDeque<>();
  private final ArrayDeque<Question> questions = new ArrayDeque<>();

  /** Of each device the one that reaches furthest of those that are taken for true. */
  private final Map<Integer, Misorder> taken = new TreeMap<>();

  private boolean clocksMayDiffer;
  private Listener listener =
      new Listener() {
        @Override
        public void misordered(Misorder misorder, boolean open) {}

        @Override
        public void decided(long wrongAt, boolean misordered) {}
      };

  /** Says whom to tell. */
  public void tell(Listener told) {
    listener = told;
  }

  void begin(boolean mayDiffer) {
    clocksMayDiffer = mayDiffer;
  }

  /** Event time for which a finding may still be explained. */
  public long waitNs() {
    return clocksMayDiffer ? APART_NS_MAX : 0;
  }

  /** True where a map or an unmap may explain something. */
  boolean asks() {
    return !wanted.isEmpty() || !questions.isEmpty();
  }

  /** Notes what a rule found wrong. */
  public void found(Transition t) {
    if (!clocksMayDiffer || t.header().cpu() < 0 || t.device() == null) {
      return;
    }
    switch (t.op()) {
      case UNMAP, FREE, UNMAP_SG -> {
        giveUp(t);
        if (t.unchecked() != null && t.object() != null) {
          want(Missing.CHECK, t, t.unchecked().cpu());
        } else {
          want(Missing.MAP, t, t.candidates() > 1 ? t.header().sequence() : NONE);
        }
      }
      case SYNC, SYNC_SG -> want(Missing.MAP_AROUND, t, 0);
      case MAP, MAP_SG, ALLOC -> {
        if (t.overlap() != null) {
          want(Missing.UNMAP, t, t.device(), t.overlap().addr(), t.overlap().owner().lastMapped());
        } else if (t.lineOwner != null) {
          CachelineOwners.Owner older = t.lineOwner;
          want(Missing.UNMAP, t, older.device(), older.dmaAddr(), older.mapped());
        }
      }
      default -> {
        if (t.leftBehind() != null) {
          want(Missing.UNMAP_OF_ANY, t, t.header().sequence());
        }
      }
    }
  }

  /** More is in disorder at the address than one unmap: no fate of a mapping decides that. */
  private void giveUp(Transition t) {
    for (Iterator<Question> all = questions.iterator(); all.hasNext(); ) {
      Question q = all.next();
      if (q.device == t.device().id() && q.misorder.concerns(t.dmaAddr())) {
        all.remove();
        take(q);
      }
    }
  }

  private void want(Missing missing, Transition t, long older) {
    want(missing, t, t.device(), t.dmaAddr(), older, formerEnd(t));
  }

  private void want(Missing missing, Transition t, Device device, long addr, EventHeader older) {
    want(missing, t, device, addr, older.sequence(), older);
  }

  private void want(
      Missing missing, Transition t, Device device, long addr, long older, EventHeader before) {
    EventHeader at = t.header();
    boolean close = before != null && Moment.of(before).isClose(at.timestampNs());
    if (!wanted.isEmpty() && wanted.getLast().sequence == at.sequence()) {
      return;
    }
    if (wanted.size() == WANTED_MAX) {
      wanted.removeFirst();
    }
    wanted.addLast(
        new Wanted(
            missing,
            at.sequence(),
            Moment.of(at),
            close ? Moment.of(before) : null,
            device.id(),
            t.kind() == null ? MappingKind.SINGLE : t.kind(),
            t.direction(),
            addr,
            t.sizeBytes(),
            t.op() == Op.UNMAP_SG ? t.physAddrs : U64List.EMPTY,
            older));
  }

  /** The latest end of something at the address before the event; null where none is known. */
  private static EventHeader formerEnd(Transition t) {
    if (t.endedBefore != null) {
      return t.endedBefore;
    }
    MappedObject former = t.formerly() == null ? t.formerList() : t.formerly().owner();
    return former == null ? null : former.released();
  }

  /** Looks whether the map explains an unmap or a sync, or decides about one. */
  void made(MappedObject object, EventHeader header, LiveMappings mappings) {
    for (Iterator<Question> all = questions.iterator(); all.hasNext(); ) {
      Question q = all.next();
      if (q.isAbout(object)) {
        if (q.end == null) {
          all.remove();
          take(q);
        } else if (q.mayGoOnWith(header)) {
          q.misorder = q.misorder.explainedLaterBy(header.sequence());
          q.end = null;
        }
      }
    }
    forgetOld(header);
    for (Iterator<Wanted> all = wanted.iterator(); all.hasNext(); ) {
      Wanted w = all.next();
      if (w.missing == Missing.CHECK && w.isAt(object) && w.older == header.cpu()) {
        all.remove(); // a check that follows is of this one
        continue;
      }
      Moment early = w.early(header);
      if (early != null
          && w.device == object.device().id()
          && object.rangeCount() > 0
          && (w.isMadeBy(object) || w.isWrongFor(object))) {
        Range range = object.range(0);
        Misorder misorder =
            misorder(w, early, header, object.device(), range.addr(), range.lastAddr());
        if (!w.isMadeBy(object)) {
          // Wrong the unmap is either way; but what it named may have ended.
          hold(w.device, misorder);
          continue;
        }
        all.remove();
        if (w.missing == Missing.MAP) {
          boolean clear =
              object.instances() == 1
                  && mappings.ranges().overlaps(range).isEmpty()
                  && isOnlyWrong(w);
          ask(misorder, object.device(), early, header, clear);
          return;
        }
        explain(misorder, object.device());
      }
    }
  }

  /** Looks whether the unmap explains what was found beside it, or decides about an earlier one. */
  void ended(MappedObject object, Transition t) {
    EventHeader header = t.header();
    for (Iterator<Question> all = questions.iterator(); all.hasNext(); ) {
      Question q = all.next();
      if (q.end == null
          && q.device == object.device().id()
          && object.lastSequence() == q.misorder.explainedAt()) {
        if (isItsUnmap(object, t)) {
          q.end = Moment.of(header);
        } else { // it is that of another, and this one's was the early one
          all.remove();
          take(q);
        }
      }
    }
    forgetOld(header);
    for (Iterator<Wanted> all = wanted.iterator(); all.hasNext(); ) {
      Wanted w = all.next();
      Moment early = w.early(header);
      if (early != null && w.isEndedBy(object)) {
        all.remove();
        explain(misorder(w, early, header, object.device(), w.addr, w.lastAddr()), object.device());
      }
    }
  }

  private static boolean isItsUnmap(MappedObject object, Transition t) {
    return object.kind() == t.kind()
        && (object.direction() == t.direction() || t.direction() == DmaDirection.UNKNOWN)
        && object.sizeBytes() == t.sizeBytes()
        && object.nents() == t.nents();
  }

  /** Looks whether the address was checked after all. */
  void checked(Device device, long dmaAddr, EventHeader header) {
    forgetOld(header);
    for (Iterator<Wanted> all = wanted.iterator(); all.hasNext(); ) {
      Wanted w = all.next();
      if (w.missing == Missing.CHECK
          && w.at.mayFollow(header)
          && w.older == header.cpu()
          && w.device == device.id()
          && w.addr == dmaAddr) {
        all.remove();
        explain(misorder(w, w.at, header, device, w.addr, w.addr), device);
      }
    }
  }

  /** Decides what time decides. To be called for every event. */
  public void settle(long now) {
    if (questions.isEmpty()) {
      return;
    }
    for (Iterator<Question> all = questions.iterator(); all.hasNext(); ) {
      Question q = all.next();
      if (q.end != null && !q.early.isClose(now) && !q.end.isClose(now)) {
        all.remove();
        listener.decided(q.misorder.wrongAt(), false);
      } else if (now - q.openedNs > OPEN_NS_MAX) {
        all.remove();
        take(q);
      }
    }
  }

  /** True where no other map or unmap at the address was found wrong beside it. */
  private boolean isOnlyWrong(Wanted w) {
    Misorder known = taken.get(w.device);
    if (known != null && known.concerns(w.addr) && known.wrongAt() == w.sequence) {
      return false;
    }
    for (Wanted other : wanted) {
      if (other.sequence != w.sequence && other.device == w.device && other.addr == w.addr) {
        return false;
      }
    }
    return true;
  }

  /** Where more than this is in disorder at the address, nothing will decide it. */
  private void ask(
      Misorder misorder, Device device, Moment early, EventHeader header, boolean clear) {
    if (!clear) {
      explain(misorder, device);
      return;
    }
    if (questions.size() == QUESTIONS_MAX) {
      take(questions.removeFirst());
    }
    questions.addLast(new Question(misorder, device.id(), early, header.timestampNs()));
    listener.misordered(misorder, true);
  }

  private void explain(Misorder misorder, Device device) {
    hold(device.id(), misorder);
    listener.misordered(misorder, false);
  }

  private void take(Question q) {
    hold(q.device, q.misorder);
    listener.decided(q.misorder.wrongAt(), true);
  }

  /** What reaches furthest counts, whenever it was decided. */
  private void hold(int device, Misorder misorder) {
    taken.merge(device, misorder, (a, b) -> b.explainedAt() >= a.explainedAt() ? b : a);
  }

  private static Misorder misorder(
      Wanted w, Moment early, EventHeader header, Device device, long first, long last) {
    return new Misorder(
        w.sequence,
        header.sequence(),
        device.name(),
        first,
        last,
        early.cpu,
        header.cpu(),
        Math.max(0, header.timestampNs() - early.timestampNs));
  }

  private void forgetOld(EventHeader now) {
    while (!wanted.isEmpty() && !wanted.getFirst().at.isClose(now.timestampNs())) {
      wanted.removeFirst();
    }
  }

  /** Doubts about a verdict that rests on this object being what stands at its address. */
  String about(MappedObject object) {
    String known = about(object.device(), object.knownSince());
    if (!known.isEmpty()) {
      return known;
    }
    for (Question q : questions) {
      if (object.knownSince() <= q.misorder.explainedAt() && q.isAbout(object)) {
        return q.misorder.doubt();
      }
    }
    return "";
  }

  /** Doubts about a verdict that rests on what was made for the device then being live. */
  String about(Device device, long sequence) {
    Misorder known = taken.get(device.id());
    if (known != null && sequence <= known.explainedAt()) {
      return known.doubt();
    }
    for (Question q : questions) {
      if (q.device == device.id() && q.misorder.explainedAt() == sequence) {
        return q.misorder.doubt();
      }
    }
    return "";
  }

  /**
   * Doubts about a verdict that rests on the order of an earlier event and the one at hand, which
   * are so close that clocks of their CPUs need not have kept it.
   */
  String between(EventHeader then, EventHeader now) {
    return clocksMayDiffer && then.cpu() >= 0 && Moment.of(then).mayFollow(now)
        ? RecordingDoubt.clocksApart(
            then.cpu(), now.cpu(), Math.max(0, now.timestampNs() - then.timestampNs()))
        : "";
  }

  void save(StateWriter out) {
    out.u(wanted.size());
    for (Wanted w : wanted) {
      out.u(w.missing.ordinal())
          .u(w.sequence)
          .u(w.device)
          .u(w.kind.ordinal())
          .u(w.direction.ordinal())
          .u(w.addr)
          .u(w.sizeBytes)
          .list(w.physAddrs)
          .s(w.older);
      Moment.save(w.at, out);
      Moment.save(w.before, out);
    }
    out.u(questions.size());
    for (Question q : questions) {
      q.misorder.save(out);
      out.u(q.device).s(q.openedNs);
      Moment.save(q.early, out);
      Moment.save(q.end, out);
    }
    out.u(taken.size());
    taken.forEach((device, misorder) -> misorder.save(out.u(device)));
  }

  /** Reads what {@link #save} wrote; {@link #begin} comes before. */
  void restore(StateReader in) {
    for (int n = in.i(); n > 0; n--) {
      Missing missing = Missing.values()[in.i()];
      long sequence = in.u();
      int device = in.i();
      MappingKind kind = MappingKind.values()[in.i()];
      DmaDirection direction = DmaDirection.values()[in.i()];
      long addr = in.u();
      long sizeBytes = in.u();
      U64List physAddrs = in.list();
      long older = in.s();
      Moment at = Moment.restore(in);
      Moment before = Moment.restore(in);
      wanted.addLast(
          new Wanted(
              missing, sequence, at, before, device, kind, direction, addr, sizeBytes, physAddrs,
              older));
    }
    for (int n = in.i(); n > 0; n--) {
      Misorder misorder = Misorder.restore(in);
      int device = in.i();
      long openedNs = in.s();
      Question q = new Question(misorder, device, Moment.restore(in), openedNs);
      q.end = Moment.restore(in);
      questions.addLast(q);
    }
    for (int n = in.i(); n > 0; n--) {
      taken.put(in.i(), Misorder.restore(in));
    }
  }
}
