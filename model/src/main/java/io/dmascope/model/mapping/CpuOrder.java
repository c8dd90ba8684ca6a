package io.dmascope.model.mapping;

import io.dmascope.model.event.DmaDirection;
import io.dmascope.model.event.EventHeader;
import io.dmascope.model.event.U64List;
import io.dmascope.model.finding.Doubt;
import io.dmascope.model.finding.EventRef;
import io.dmascope.model.finding.MappingKind;
import io.dmascope.model.mapping.WantedEvent.Missing;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
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

  /**
   * Findings at {@code wrongAt}, and at the same bytes until then, are explained by another event.
   */
  private static final class Explanation {
    final Misorder misorder;
    final long toldAt;

    /** Whether that is still to be decided. */
    boolean open;

    Explanation(Misorder misorder, boolean open) {
      this(misorder, misorder.explainedAt(), open);
    }

    Explanation(Misorder misorder, long toldAt, boolean open) {
      this.misorder = misorder;
      this.toldAt = toldAt;
      this.open = open;
    }

    boolean concerns(EventRef at, String device, long addr) {
      if (at.sequence() < misorder.wrongAt() || at.sequence() >= toldAt) {
        return false;
      }
      return at.sequence() == misorder.wrongAt()
          || (device.equals(misorder.device()) && misorder.concerns(addr));
    }
  }

  private final ArrayDeque<WantedEvent> wanted = new ArrayDeque<>();
  private final ArrayDeque<OrderQuestion> questions = new ArrayDeque<>();

  /** Of unmaps that are wrong either way: what stands at that address may have ended. */
  private final ArrayDeque<Misorder> beside = new ArrayDeque<>();

  /** Of each device the one that reaches furthest of those that are taken for true. */
  private final Map<Integer, Misorder> taken = new TreeMap<>();

  /** What was found out of late, for findings that still wait for their release. */
  private final ArrayDeque<Explanation> explanations = new ArrayDeque<>();

  private boolean clocksMayDiffer;

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
          want(Missing.MAP, t, t.candidates() > 1 ? t.header().sequence() : WantedEvent.NONE);
        }
      }
      case SYNC -> want(Missing.MAP_AROUND, t, WantedEvent.ANY);
      case SYNC_SG -> want(Missing.MAP_AROUND, t, t.object() == null ? WantedEvent.ANY : t.nents());
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
    for (Iterator<OrderQuestion> all = questions.iterator(); all.hasNext(); ) {
      OrderQuestion q = all.next();
      if (q.device == t.device().id() && q.misorder.concerns(t.dmaAddr())) {
        all.remove();
        take(q);
      }
    }
  }

  private void want(Missing missing, Transition t, long clue) {
    want(missing, t, t.device(), t.dmaAddr(), clue, formerEnd(t));
  }

  private void want(Missing missing, Transition t, Device device, long addr, EventHeader older) {
    want(missing, t, device, addr, older.sequence(), older);
  }

  private void want(
      Missing missing, Transition t, Device device, long addr, long clue, EventHeader before) {
    EventHeader at = t.header();
    boolean close = before != null && CpuMoment.of(before).isClose(at.timestampNs());
    if (!wanted.isEmpty() && wanted.getLast().sequence() == at.sequence()) {
      return;
    }
    if (wanted.size() == WANTED_MAX) {
      wanted.removeFirst();
    }
    wanted.addLast(
        new WantedEvent(
            missing,
            at.sequence(),
            CpuMoment.of(at),
            close ? CpuMoment.of(before) : null,
            device.id(),
            t.kind() == null ? MappingKind.SINGLE : t.kind(),
            t.direction(),
            addr,
            t.sizeBytes(),
            t.op() == Op.UNMAP_SG ? t.physAddrs : U64List.EMPTY,
            clue));
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
    for (Iterator<OrderQuestion> all = questions.iterator(); all.hasNext(); ) {
      OrderQuestion q = all.next();
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
    for (Iterator<WantedEvent> all = wanted.iterator(); all.hasNext(); ) {
      WantedEvent w = all.next();
      if (w.missing() == Missing.CHECK && w.isAt(object) && w.clue() == header.cpu()) {
        all.remove(); // a check that follows is of this one
        continue;
      }
      CpuMoment early = w.early(header);
      if (early != null
          && w.device() == object.device().id()
          && object.rangeCount() > 0
          && (w.isMadeBy(object) || w.isWrongFor(object))) {
        Range range = object.range(0);
        Misorder misorder =
            misorder(w, early, header, object.device(), range.addr(), range.lastAddr());
        if (!w.isMadeBy(object)) {
          // Wrong the unmap is either way; but what it named may have ended.
          if (beside.size() == QUESTIONS_MAX) {
            beside.removeFirst();
          }
          beside.addLast(misorder);
          continue;
        }
        all.remove();
        if (w.missing() == Missing.MAP) {
          boolean clear =
              object.instances() == 1
                  && mappings.ranges().overlaps(range).isEmpty()
                  && isOnlyWrong(w);
          ask(misorder, object.device(), early, header, clear);
          return;
        }
        explain(misorder);
      }
    }
  }

  /** Looks whether the unmap explains what was found beside it, or decides about an earlier one. */
  void ended(MappedObject object, Transition t) {
    EventHeader header = t.header();
    for (Iterator<OrderQuestion> all = questions.iterator(); all.hasNext(); ) {
      OrderQuestion q = all.next();
      if (q.end == null
          && q.device == object.device().id()
          && object.lastSequence() == q.misorder.explainedAt()) {
        if (isItsUnmap(object, t)) {
          q.end = CpuMoment.of(header);
        } else { // it is that of another, and this one's was the early one
          all.remove();
          take(q);
        }
      }
    }
    forgetOld(header);
    for (Iterator<WantedEvent> all = wanted.iterator(); all.hasNext(); ) {
      WantedEvent w = all.next();
      CpuMoment early = w.early(header);
      if (early != null && w.isEndedBy(object)) {
        all.remove();
        Misorder misorder = misorder(w, early, header, object.device(), w.addr(), w.lastAddr());
        hold(w.device(), misorder);
        explain(misorder);
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
    for (Iterator<WantedEvent> all = wanted.iterator(); all.hasNext(); ) {
      WantedEvent w = all.next();
      if (w.missing() == Missing.CHECK
          && w.at().mayFollow(header)
          && w.clue() == header.cpu()
          && w.device() == device.id()
          && w.addr() == dmaAddr) {
        all.remove();
        explain(misorder(w, w.at(), header, device, w.addr(), w.addr()));
      }
    }
  }

  /** Decides what time decides. To be called for every event. */
  public void settle(long now) {
    if (questions.isEmpty()) {
      return;
    }
    for (Iterator<OrderQuestion> all = questions.iterator(); all.hasNext(); ) {
      OrderQuestion q = all.next();
      if (q.end != null && !q.early.isClose(now) && !q.end.isClose(now)) {
        all.remove();
        decide(q.misorder.wrongAt(), false);
      } else if (now - q.openedNs > OPEN_NS_MAX) {
        all.remove();
        take(q);
      }
    }
  }

  /** True where no other map or unmap at the address was found wrong beside it. */
  private boolean isOnlyWrong(WantedEvent w) {
    for (Misorder known : beside) {
      if (known.concerns(w.addr()) && known.wrongAt() == w.sequence()) {
        return false;
      }
    }
    for (WantedEvent other : wanted) {
      if (other.sequence() != w.sequence()
          && other.device() == w.device()
          && other.addr() == w.addr()) {
        return false;
      }
    }
    return true;
  }

  /** Where more than this is in disorder at the address, nothing will decide it. */
  private void ask(
      Misorder misorder, Device device, CpuMoment early, EventHeader header, boolean clear) {
    if (!clear) {
      hold(device.id(), misorder);
      explain(misorder);
      return;
    }
    if (questions.size() == QUESTIONS_MAX) {
      take(questions.removeFirst());
    }
    questions.addLast(new OrderQuestion(misorder, device.id(), early, header.timestampNs()));
    explanations.addLast(new Explanation(misorder, true));
  }

  private void explain(Misorder misorder) {
    explanations.addLast(new Explanation(misorder, false));
  }

  private void decide(long wrongAt, boolean misordered) {
    for (Iterator<Explanation> all = explanations.iterator(); all.hasNext(); ) {
      Explanation each = all.next();
      if (each.open && each.misorder.wrongAt() == wrongAt) {
        if (misordered) {
          each.open = false;
        } else {
          all.remove();
        }
      }
    }
  }

  private void take(OrderQuestion q) {
    hold(q.device, q.misorder);
    decide(q.misorder.wrongAt(), true);
  }

  /** What reaches furthest counts, whenever it was decided. */
  private void hold(int device, Misorder misorder) {
    taken.merge(device, misorder, (a, b) -> b.explainedAt() >= a.explainedAt() ? b : a);
  }

  private static Misorder misorder(
      WantedEvent w, CpuMoment early, EventHeader header, Device device, long first, long last) {
    return new Misorder(
        w.sequence(),
        header.sequence(),
        device.name(),
        first,
        last,
        early.cpu(),
        header.cpu(),
        Math.max(0, header.timestampNs() - early.timestampNs()));
  }

  private void forgetOld(EventHeader now) {
    while (!wanted.isEmpty() && !wanted.getFirst().at().isClose(now.timestampNs())) {
      wanted.removeFirst();
    }
  }

  /** Doubts about a verdict that rests on this object being what stands at its address. */
  Optional<Doubt> about(MappedObject object) {
    Optional<Doubt> known = about(object.device(), object.knownSince());
    if (known.isPresent()) {
      return known;
    }
    for (Misorder each : beside) {
      if (object.knownSince() <= each.explainedAt()
          && each.device().equals(object.device().name())
          && each.concerns(object.dmaAddr())) {
        return Optional.of(each.doubt());
      }
    }
    for (OrderQuestion q : questions) {
      if (object.knownSince() <= q.misorder.explainedAt() && q.isAbout(object)) {
        return Optional.of(q.misorder.doubt());
      }
    }
    return Optional.empty();
  }

  /** Doubts about a verdict that rests on what was made for the device then being live. */
  Optional<Doubt> about(Device device, long sequence) {
    Misorder known = taken.get(device.id());
    if (known != null && sequence <= known.explainedAt()) {
      return Optional.of(known.doubt());
    }
    for (Misorder each : beside) {
      if (each.device().equals(device.name()) && each.explainedAt() == sequence) {
        return Optional.of(each.doubt());
      }
    }
    for (OrderQuestion q : questions) {
      if (q.device == device.id() && q.misorder.explainedAt() == sequence) {
        return Optional.of(q.misorder.doubt());
      }
    }
    return Optional.empty();
  }

  /**
   * Doubts about a verdict that rests on the order of an earlier event and the one at hand, which
   * are so close that clocks of their CPUs need not have kept it.
   */
  Optional<Doubt> between(EventHeader then, EventHeader now) {
    return clocksMayDiffer && then.cpu() >= 0 && CpuMoment.of(then).mayFollow(now)
        ? Optional.of(
            Doubt.clocksApart(
                then.cpu(), now.cpu(), Math.max(0, now.timestampNs() - then.timestampNs())))
        : Optional.empty();
  }

  /**
   * What has come to light about a finding since: that another event explains it, or may. A
   * question that was never answered stays a suspicion.
   */
  public Optional<Doubt> foundSince(EventRef at, String device, long addr) {
    Misorder asked = null;
    for (Explanation each : explanations) {
      if (each.concerns(at, device, addr)) {
        if (!each.open) {
          return Optional.of(each.misorder.doubt());
        }
        asked = each.misorder;
      }
    }
    return Optional.ofNullable(asked).map(Misorder::doubt);
  }

  /** True where it is still to be decided whether another event explains the finding. */
  public boolean isAsking(EventRef at, String device, long addr) {
    boolean asking = false;
    for (Explanation each : explanations) {
      if (each.concerns(at, device, addr)) {
        if (!each.open) {
          return false;
        }
        asking = true;
      }
    }
    return asking;
  }

  /** Forgets what can concern no finding of that event or a later one. */
  public void forgetBefore(long sequence) {
    if (!explanations.isEmpty()) {
      explanations.removeIf(each -> each.toldAt <= sequence);
    }
  }

  void save(StateWriter out) {
    out.u(explanations.size());
    explanations.forEach(each -> each.misorder.save(out.flag(each.open).u(each.toldAt)));
    out.u(wanted.size());
    wanted.forEach(w -> w.save(out));
    out.u(questions.size());
    questions.forEach(q -> q.save(out));
    out.u(beside.size());
    beside.forEach(misorder -> misorder.save(out));
    out.u(taken.size());
    taken.forEach((device, misorder) -> misorder.save(out.u(device)));
  }

  /** Reads what {@link #save} wrote; {@link #begin} comes before. */
  void restore(StateReader in) {
    for (int n = in.i(); n > 0; n--) {
      boolean open = in.flag();
      long toldAt = in.u();
      explanations.addLast(new Explanation(Misorder.restore(in), toldAt, open));
    }
    for (int n = in.i(); n > 0; n--) {
      wanted.addLast(WantedEvent.restore(in));
    }
    for (int n = in.i(); n > 0; n--) {
      questions.addLast(OrderQuestion.restore(in));
    }
    for (int n = in.i(); n > 0; n--) {
      beside.addLast(Misorder.restore(in));
    }
    for (int n = in.i(); n > 0; n--) {
      taken.put(in.i(), Misorder.restore(in));
    }
  }
}
