package io.dmascope.model.dma;

import io.dmascope.model.event.DmaDirection;
import io.dmascope.model.event.EventsLost;
import io.dmascope.model.finding.Confidence;
import io.dmascope.model.finding.EventRef;
import io.dmascope.model.finding.RecordingDoubt;
import io.dmascope.model.finding.RelatedEvent;
import io.dmascope.model.finding.Severity;
import io.dmascope.model.finding.Violation;
import io.dmascope.model.mapping.Losses;
import io.dmascope.model.mapping.StateReader;
import io.dmascope.model.mapping.StateWriter;
import java.util.ArrayDeque;
import java.util.ArrayList;
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
 */
final class HoldBack {
  /** Event time after which a silent CPU is taken for idle. */
  static final long WAIT_NS_MAX = 10_000_000_000L;

  static final int HELD_MAX = 65_536;

  private final ArrayDeque<Violation> held = new ArrayDeque<>();

  void add(Violation violation) {
    held.addLast(violation);
  }

  /** Hands out, in order, what is certain by now. To be called for every event. */
  void release(Losses losses, long now, Consumer<Violation> out) {
    while (!held.isEmpty()) {
      EventRef at = held.getFirst().at();
      if (held.size() <= HELD_MAX
          && now - at.timestampNs() <= WAIT_NS_MAX
          && !losses.allHeardSince(at.sequence())) {
        return;
      }
      out.accept(held.removeFirst());
    }
  }

  /** Hands out the rest: the capture is over and no gap follows. */
  void releaseAll(Consumer<Violation> out) {
    held.forEach(out);
    held.clear();
  }

  /** Takes back the certainty of what was found since the CPU was last heard. */
  void doubt(EventsLost gap, long lastHeard) {
    if (held.isEmpty() || gap.cause() != EventsLost.Cause.OVERRUN) {
      return;
    }
    int count = held.size();
    for (int i = 0; i < count; i++) {
      Violation violation = held.removeFirst();
      held.addLast(violation.at().sequence() > lastHeard ? suspect(violation, gap) : violation);
    }
  }

  private static Violation suspect(Violation v, EventsLost gap) {
    if (v.confidence() == Confidence.SUSPECT) {
      return v;
    }
    return new Violation(
        v.ruleId(),
        v.severity(),
        Confidence.SUSPECT,
        RecordingDoubt.lostAround(gap),
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
    for (Violation v : held) {
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
      held.addLast(
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
    }
  }

  private static void save(StateWriter out, EventRef at) {
    out.u(at.sequence()).s(at.timestampNs()).s(at.cpu()).s(at.pid()).text(at.comm()).u(at.place());
  }

  private static EventRef readRef(StateReader in) {
    return new EventRef(in.u(), in.s(), (int) in.s(), (int) in.s(), in.text(), in.u());
  }
}
