package io.dmascope.model.dma;

import io.dmascope.model.event.DmaDirection;
import io.dmascope.model.event.EventsLost;
import io.dmascope.model.finding.Confidence;
import io.dmascope.model.finding.EventRef;
import io.dmascope.model.finding.RecordingDoubt;
import io.dmascope.model.finding.RelatedEvent;
import io.dmascope.model.finding.Severity;
import io.dmascope.model.finding.Violation;
import io.dmascope.model.mapping.CpuOrder;
import io.dmascope.model.mapping.Losses;
import io.dmascope.model.mapping.Misorder;
import io.dmascope.model.mapping.StateReader;
import io.dmascope.model.mapping.StateWriter;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.Consumer;

/**
 * Keeps findings back until no gap can turn up any more that would explain them.
 *
 * <p>A CPU's {@code [LOST EVENTS]} line stands where its next event stands, but the events were
 * lost any time since its last one. A finding made in between by another CPU may owe itself to
 * them. It is therefore certain only when every CPU of the capture has been heard after it without
 * such a line, or when the wait has become unreasonable. A CPU that has not been heard yet counts
 * where the manifest says how many there are; without one nothing tells of it.
 *
 * <p>Likewise an event of another CPU may follow that explains it, where clocks may be apart: see
 * {@link CpuOrder}.
 */
final class HoldBack implements CpuOrder.Listener {
  /** Event time after which a silent CPU is taken for idle. */
  static final long WAIT_NS_MAX = 10_000_000_000L;

  static final int HELD_MAX = 65_536;

  private static final long NOT_ASKED = -1;

  /** A finding, and what another CPU's event made of it. */
  private static final class Held {
    private Violation violation;

    /** Why it may owe itself to the order of events; empty where nothing says so. */
    private String misordered = "";

    /** The event whose open question decides that, or {@link #NOT_ASKED}. */
    private long asked = NOT_ASKED;

    Held(Violation violation) {
      this.violation = violation;
    }

    Violation verdict() {
      return misordered.isEmpty() ? violation : suspect(violation, misordered);
    }
  }

  private final ArrayDeque<Held> held = new ArrayDeque<>();

  void add(Violation violation) {
    held.addLast(new Held(violation));
  }

  /**
   * Hands out, in order, what is certain by now. To be called for every event.
   *
   * @param orderNs event time for which an event of another CPU may explain a finding
   */
  void release(Losses losses, long orderNs, long now, Consumer<Violation> out) {
    while (!held.isEmpty()) {
      Held first = held.getFirst();
      if (held.size() <= HELD_MAX && isOpen(first, losses, orderNs, now)) {
        return;
      }
      out.accept(held.removeFirst().verdict());
    }
  }

  private static boolean isOpen(Held first, Losses losses, long orderNs, long now) {
    EventRef at = first.violation.at();
    long waited = now - at.timestampNs();
    return first.asked != NOT_ASKED
        || waited <= orderNs
        || (waited <= WAIT_NS_MAX && !losses.allHeardSince(at.sequence()));
  }

  /** Hands out the rest: the capture is over and no gap follows. */
  void releaseAll(Consumer<Violation> out) {
    held.forEach(each -> out.accept(each.verdict()));
    held.clear();
  }

  @Override
  public void misordered(Misorder misorder, boolean open) {
    for (Iterator<Held> latest = held.descendingIterator(); latest.hasNext(); ) {
      Held each = latest.next();
      Violation v = each.violation;
      long sequence = v.at().sequence();
      if (sequence < misorder.wrongAt()) {
        return;
      }
      boolean explained =
          sequence == misorder.wrongAt()
              || (v.device().equals(misorder.device()) && misorder.concerns(v.dmaAddr()));
      boolean decided = !each.misordered.isEmpty() && each.asked == NOT_ASKED;
      if (explained && !decided) {
        each.misordered = misorder.doubt();
        each.asked = open ? misorder.wrongAt() : NOT_ASKED;
      }
    }
  }

  @Override
  public void decided(long wrongAt, boolean misordered) {
    for (Iterator<Held> latest = held.descendingIterator(); latest.hasNext(); ) {
      Held each = latest.next();
      if (each.violation.at().sequence() < wrongAt) {
        return;
      }
      if (each.asked == wrongAt) {
        each.asked = NOT_ASKED;
        each.misordered = misordered ? each.misordered : "";
      }
    }
  }

  /** Takes back the certainty of what was found since the CPU was last heard. */
  void doubt(EventsLost gap, long lastHeard) {
    if (held.isEmpty() || gap.cause() != EventsLost.Cause.OVERRUN) {
      return;
    }
    String lost = RecordingDoubt.lostAround(gap);
    for (Held each : held) {
      if (each.violation.at().sequence() > lastHeard) {
        each.violation = suspect(each.violation, lost);
      }
    }
  }

  private static Violation suspect(Violation v, String because) {
    if (v.confidence() == Confidence.SUSPECT) {
      return v;
    }
    return new Violation(
        v.ruleId(),
        v.severity(),
        Confidence.SUSPECT,
        because,
        v.device(),
        v.dmaAddr(),
        v.sizeBytes(),
        v.direction(),
        v.at(),
        v.message(),
        v.related());
  }

  void save(StateWriter out) {
    out.u(held.size());
    for (Held each : held) {
      Violation v = each.violation;
      out.text(each.misordered).s(each.asked);
      out.text(v.ruleId())
          .u(v.severity().ordinal())
          .u(v.confidence().ordinal())
          .text(v.because())
          .text(v.device())
          .u(v.dmaAddr())
          .u(v.sizeBytes())
          .u(v.direction().ordinal())
          .text(v.message());
      save(out, v.at());
      out.u(v.related().size());
      for (RelatedEvent related : v.related()) {
        save(out.text(related.what()), related.at());
      }
    }
  }

  void restore(StateReader in) {
    for (int n = in.i(); n > 0; n--) {
      String misordered = in.text();
      long asked = in.s();
      String ruleId = in.text();
      Severity severity = Severity.values()[in.i()];
      Confidence confidence = Confidence.values()[in.i()];
      String because = in.text();
      String device = in.text();
      long dmaAddr = in.u();
      long sizeBytes = in.u();
      DmaDirection direction = DmaDirection.values()[in.i()];
      String message = in.text();
      EventRef at = readRef(in);
      List<RelatedEvent> related = new ArrayList<>();
      for (int k = in.i(); k > 0; k--) {
        related.add(new RelatedEvent(in.text(), readRef(in)));
      }
      Held each =
          new Held(
              new Violation(
                  ruleId,
                  severity,
                  confidence,
                  because,
                  device,
                  dmaAddr,
                  sizeBytes,
                  direction,
                  at,
                  message,
                  related));
      each.misordered = misordered;
      each.asked = asked;
      held.addLast(each);
    }
  }

  private static void save(StateWriter out, EventRef at) {
    out.u(at.sequence()).s(at.timestampNs()).s(at.cpu()).s(at.pid()).text(at.comm()).u(at.place());
  }

  private static EventRef readRef(StateReader in) {
    return new EventRef(in.u(), in.s(), (int) in.s(), (int) in.s(), in.text(), in.u());
  }
}
