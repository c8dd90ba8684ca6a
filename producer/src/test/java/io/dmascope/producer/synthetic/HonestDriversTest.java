package io.dmascope.producer.synthetic;

import static org.assertj.core.api.Assertions.assertThat;

import io.dmascope.model.dma.DmaModel;
import io.dmascope.model.finding.Violation;
import io.dmascope.producer.synthetic.machine.Backend;
import io.dmascope.producer.synthetic.machine.Generation;
import io.dmascope.producer.synthetic.profile.Profile;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What no driver did wrong is silent, whatever the machine. */
class HonestDriversTest {
  private static final long EVENTS = 1500;

  @ParameterizedTest
  @EnumSource(Profile.class)
  void breakNoRule(Profile profile) throws IOException {
    for (Backend backend : Backend.values()) {
      for (Generation generation : Generation.values()) {
        assertThat(violations(profile, backend, generation, false)).isEmpty();
        assertThat(violations(profile, backend, generation, true)).isEmpty();
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Profile.class)
  void giveTheSameEventsForTheSameSeed(Profile profile) throws IOException {
    CaptureSpec spec = Captured.spec(profile, Backend.LAZY, Generation.V7_3, false, EVENTS);
    assertThat(Captured.of(new SyntheticCapture(spec)).events)
        .isEqualTo(Captured.of(new SyntheticCapture(spec)).events);
  }

  private static List<Violation> violations(
      Profile profile, Backend backend, Generation generation, boolean dmaDebug)
      throws IOException {
    DmaModel model = new DmaModel();
    List<Violation> violations = new ArrayList<>();
    CaptureSpec spec = Captured.spec(profile, backend, generation, dmaDebug, EVENTS);
    Captured.of(new SyntheticCapture(spec)).events.forEach(e -> model.apply(e, violations::add));
    return violations;
  }
}
