package io.dmascope.model.dma;

import io.dmascope.model.event.DmaDirection;
import io.dmascope.model.finding.Doubt;
import io.dmascope.model.finding.EventRef;
import io.dmascope.model.finding.PremiseKind;
import io.dmascope.model.finding.Reason;
import io.dmascope.model.finding.RelatedEvent;
import io.dmascope.model.finding.Severity;
import io.dmascope.model.finding.Verdict;
import io.dmascope.model.finding.Violation;
import io.dmascope.model.mapping.CaptureState;
import io.dmascope.model.mapping.CpuOrder;
import io.dmascope.model.mapping.StateReader;
import io.dmascope.model.mapping.StateWriter;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Keeps findings back until nothing can turn up any more that would explain them, and has them
 * weighed again when they go.
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
final class HoldBack {
  /** Event time after which a silent CPU is taken for idle. */
  static final long WAIT_NS_MAX = 10_000_000_000L;

  static final int HELD_MAX = 65_536;

  private final ArrayDeque<Violation> held = new ArrayDeque<>();

  void add(Violation violation) {
    held.addLast(violation);
  }

  /** Hands out, in order, what nothing can explain any more. To be called for every event. */
  void release(CaptureState state, long now, Consumer<Violation> out) {
    while (!held.isEmpty()) {
      Violation first = held.getFirst();
      if (held.size() <= HELD_MAX && isOpen(first, state, now)) {
        break;
      }
      out.accept(weighed(held.removeFirst(), state));
    }
    state.forgetBefore(held.isEmpty() ? Long.MAX_VALUE : held.getFirst().at().sequence());
  }

  private static boolean isOpen(Violation first, CaptureState state, long now) {
    EventRef at = first.at();
    long waited = now - at.timestampNs();
    CpuOrder order = state.order();
    return order.isAsking(at, first.device(), first.dmaAddr())
        || waited <= order.waitNs()
        || (waited <= WAIT_NS_MAX && !state.losses().allHeardSince(at.sequence()));
  }

  private static Violation weighed(Violation finding, CaptureState state) {
    return finding.with(state.weighing().again(finding));
  }

  /** Hands out the rest: the capture is over and no gap follows. */
  void releaseAll(CaptureState state, Consumer<Violation> out) {
    held.forEach(each -> out.accept(weighed(each, state)));
    held.clear();
  }

  void save(StateWriter out) {
    out.u(held.size());
    for (Violation v : held) {
      save(v.verdict(), out);
      out.text(v.ruleId())
          .u(v.severity().ordinal())
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
      Verdict verdict = readVerdict(in);
      String ruleId = in.text();
      Severity severity = Severity.values()[in.i()];
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
              ruleId, severity, verdict, device, dmaAddr, sizeBytes, direction, at, message,
              related));
    }
  }

  private static void save(Verdict verdict, StateWriter out) {
    out.u(verdict.premises().size());
    verdict.premises().forEach(premise -> out.u(premise.ordinal()));
    out.flag(verdict.doubt().isPresent());
    verdict.doubt().ifPresent(doubt -> save(doubt, out));
  }

  private static void save(Doubt doubt, StateWriter out) {
    switch (doubt) {
      case Doubt.Because because -> {
        out.u(because.reason().ordinal()).u(because.facts().size());
        because.facts().forEach(out::text);
      }
      case Doubt.Told _ -> throw new IllegalStateException("a doubt of the model was told to it");
    }
  }

  private static Verdict readVerdict(StateReader in) {
    List<PremiseKind> premises = new ArrayList<>();
    for (int n = in.i(); n > 0; n--) {
      premises.add(PremiseKind.values()[in.i()]);
    }
    return new Verdict(premises, in.flag() ? Optional.of(readDoubt(in)) : Optional.empty());
  }

  private static Doubt readDoubt(StateReader in) {
    Reason reason = Reason.values()[in.i()];
    List<String> facts = new ArrayList<>();
    for (int n = in.i(); n > 0; n--) {
      facts.add(in.text());
    }
    return new Doubt.Because(reason, facts);
  }

  private static void save(StateWriter out, EventRef at) {
    out.u(at.sequence()).s(at.timestampNs()).s(at.cpu()).s(at.pid()).text(at.comm()).u(at.place());
  }

  private static EventRef readRef(StateReader in) {
    return new EventRef(in.u(), in.s(), (int) in.s(), (int) in.s(), in.text(), in.u());
  }
}
