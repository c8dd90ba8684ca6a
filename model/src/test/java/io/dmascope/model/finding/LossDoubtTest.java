package io.dmascope.model.finding;

import static org.assertj.core.api.Assertions.assertThat;

import io.dmascope.model.event.EventHeader;
import io.dmascope.model.event.EventsLost;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

final class LossDoubtTest {
  @ParameterizedTest
  @EnumSource(EventsLost.Cause.class)
  void everySentence_isRecognised(EventsLost.Cause cause) {
    EventsLost gap = new EventsLost(new EventHeader(7, 0, 3, -1, "", 0), 5, cause);

    assertThat(LossDoubt.between(gap)).matches(LossDoubt::is);
    assertThat(LossDoubt.before(gap)).matches(LossDoubt::is);
    assertThat(LossDoubt.around(gap)).matches(LossDoubt::is);
    assertThat(LossDoubt.before(gap) + ", and what follows").matches(LossDoubt::is);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "the recording may have begun after it was mapped"})
  void otherDoubts_areNot(String because) {
    assertThat(LossDoubt.is(because)).isFalse();
  }
}
