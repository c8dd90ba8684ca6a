package io.dmascope.model.finding;

import static org.assertj.core.api.Assertions.assertThat;

import io.dmascope.model.event.EventHeader;
import io.dmascope.model.event.EventsLost;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class DoubtTest {
  private static EventsLost gap(int cpu, EventsLost.Cause cause) {
    return new EventsLost(new EventHeader(7, 1000, cpu, 42, "kworker", 9), 3, cause);
  }

  @Test
  void aGap_namesItsCpuWhereThatIsKnown() {
    assertThat(Doubt.lostBetween(gap(2, EventsLost.Cause.OVERRUN)).sentence())
        .isEqualTo("events were lost in between on CPU 2");
    assertThat(Doubt.lostBefore(gap(-1, EventsLost.Cause.OVERRUN)).sentence())
        .isEqualTo("events were lost before");
  }

  @Test
  void anUnreadableLine_isALossOfItsOwn() {
    Doubt doubt = Doubt.lostBefore(gap(2, EventsLost.Cause.UNREADABLE));

    assertThat(doubt.sentence()).isEqualTo("an event before could not be read");
    assertThat(doubt.kind()).isEqualTo(DoubtKind.LOSSES);
  }

  @Test
  void clocks_areNamedByTheSmallerCpuFirst() {
    assertThat(Doubt.clocksApart(5, 3, 1700))
        .isEqualTo(new Doubt.Because(Reason.CLOCKS_APART, List.of("3", "5", "1700")));
  }

  @Test
  void everyReason_isAClauseThatTakesItsFacts() {
    assertThat(Reason.values())
        .allSatisfy(
            reason -> {
              int facts = reason.sentence(Collections.nCopies(9, "%s")).split("%s", -1).length - 1;
              String told = reason.sentence(Collections.nCopies(facts, "7"));
              assertThat(told).doesNotContain("%").doesNotEndWith(".").isNotBlank();
            });
  }

  @Test
  void everyReason_saysSomethingElse() {
    assertThat(Arrays.stream(Reason.values()).map(r -> r.sentence(Collections.nCopies(9, "7"))))
        .doesNotHaveDuplicates();
  }

  @Test
  void aKindThatIsNotKnown_isUntold() {
    assertThat(DoubtKind.named("LOSSES")).isEqualTo(DoubtKind.LOSSES);
    assertThat(DoubtKind.named("OF_TOMORROW")).isEqualTo(DoubtKind.UNTOLD);
  }

  @Test
  void aVerdictWithoutDoubt_isCertain() {
    Verdict verdict = new Verdict(List.of(PremiseKind.OBJECT_STANDS), Optional.empty());

    assertThat(verdict.confidence()).isEqualTo(Confidence.CERTAIN);
    assertThat(verdict.because()).isEmpty();
    assertThat(verdict.doubted(Doubt.of(Reason.TORN)).confidence()).isEqualTo(Confidence.SUSPECT);
  }

  @Test
  void aVerdict_restsOnHistoryWhereAPremiseDoes() {
    assertThat(Verdict.CERTAIN.restsOnHistory()).isFalse();
    assertThat(Verdict.suspect(DoubtKind.MACHINE, "x").restsOnHistory()).isFalse();
    assertThat(Verdict.suspect(DoubtKind.LOSSES, "x").restsOnHistory()).isTrue();
  }
}
