package io.dmascope.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class OutageNoticeTest {
  private final List<String> said = new ArrayList<>();
  private long nowNs = Long.MAX_VALUE - 10; // clocks of this kind may run over
  private final OutageNotice notice = new OutageNotice(() -> nowNs, said::add);

  @Test
  void shortSilence_isNotSaid() {
    silentFor(4);
    notice.answered();

    assertThat(said).isEmpty();
  }

  @Test
  void longSilence_isSaidOnceAMinute() {
    silentFor(130);

    assertThat(said)
        .containsExactly(
            "Kafka has not answered for 5 s: records wait",
            "Kafka has not answered for 65 s: records wait",
            "Kafka has not answered for 125 s: records wait");
  }

  @Test
  void itsEnd_isSaidOnce() {
    silentFor(30);
    said.clear();
    notice.answered();
    notice.answered();

    assertThat(said).containsExactly("Kafka answers again after 30 s");
  }

  @Test
  void secondSilence_isCountedFromItsOwnBeginning() {
    silentFor(30);
    notice.answered();
    said.clear();
    silentFor(6);

    assertThat(said).containsExactly("Kafka has not answered for 5 s: records wait");
  }

  private void silentFor(int seconds) {
    for (int second = 0; second <= seconds; second++) {
      notice.silent("records wait");
      nowNs += Duration.ofSeconds(second < seconds ? 1 : 0).toNanos();
    }
  }
}
