package io.dmascope.model.rule;

import static org.assertj.core.api.Assertions.assertThat;

import io.dmascope.model.event.TraceEvent;
import io.dmascope.model.finding.RelatedEvent;
import io.dmascope.model.finding.Severity;
import io.dmascope.model.finding.Verdict;
import io.dmascope.model.mapping.CaptureReplay;
import io.dmascope.model.mapping.CaptureState;
import io.dmascope.model.mapping.Premise;
import io.dmascope.model.mapping.Sign;
import io.dmascope.model.mapping.Transition;
import io.dmascope.model.random.RandomTrace;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;

/** A rule that is not asked, for want of the signs that it waits for, would have said nothing. */
class SignsPropertyTest {
  private static final RuleSet RULES = RuleSet.all();

  private static final Findings UNEXPECTED =
      new Findings() {
        @Override
        public void report(
            Rule rule,
            Severity severity,
            Verdict verdict,
            String message,
            List<RelatedEvent> related) {
          // A rule that waits for nothing has all signs, and is asked where there are none.
          assertThat(RuleCatalogue.infoOf(rule).signs()).as(message).isEmpty();
        }

        @Override
        public Verdict weigh(List<Premise> premises) {
          return Verdict.CERTAIN;
        }
      };

  @Property(tries = 150, shrinking = ShrinkingMode.OFF)
  void shouldShowWhereARuleIsBroken(@ForAll long seed) {
    CaptureReplay replay =
        new CaptureReplay(new CaptureState(), SignsPropertyTest::ask, lifecycle -> {});
    for (TraceEvent event : RandomTrace.of(seed, 400)) {
      replay.apply(event);
    }
  }

  private static void ask(Transition t) {
    for (Rule rule : RULES.on(t.op())) {
      if ((Sign.setOf(RuleCatalogue.infoOf(rule).signs()) & t.signs()) == 0) {
        rule.inspect(t, UNEXPECTED);
      }
    }
  }
}
