package io.dmascope.model.finding;

import static org.assertj.core.api.Assertions.assertThat;

import io.dmascope.model.event.EventHeader;
import io.dmascope.model.event.EventsLost;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

final class RecordingDoubtTest {
  @ParameterizedTest
  @EnumSource(EventsLost.Cause.class)
  void everySentenceOnLosses_isRecognised(EventsLost.Cause cause) {
    EventsLost gap = new EventsLost(new EventHeader(7, 0, 3, -1, "", 0), 5, cause);

    assertThat(RecordingDoubt.of(RecordingDoubt.lostBetween(gap))).contains(RecordingDoubt.LOSSES);
    assertThat(RecordingDoubt.of(RecordingDoubt.lostBefore(gap))).contains(RecordingDoubt.LOSSES);
    assertThat(RecordingDoubt.of(RecordingDoubt.lostAround(gap))).contains(RecordingDoubt.LOSSES);
    assertThat(RecordingDoubt.of(RecordingDoubt.lostBefore(gap) + ", and what follows"))
        .contains(RecordingDoubt.LOSSES);
  }

  @Test
  void sentenceOnALateStart_isRecognised() {
    assertThat(RecordingDoubt.of(RecordingDoubt.begunAfter("it was mapped")))
        .contains(RecordingDoubt.LATE_START);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "the recording names more devices than are told apart"})
  void otherDoubts_areNone(String because) {
    assertThat(RecordingDoubt.of(because)).isEmpty();
  }
}
