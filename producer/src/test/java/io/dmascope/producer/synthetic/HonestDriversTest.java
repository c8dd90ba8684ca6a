package io.dmascope.producer.synthetic;

import static org.assertj.core.api.Assertions.assertThat;

import io.dmascope.model.dma.DmaModel;
import io.dmascope.model.finding.ModelOutput;
import io.dmascope.model.finding.RuleCoverage;
import io.dmascope.model.finding.RuleCoverage.NotChecked;
import io.dmascope.model.finding.Violation;
import io.dmascope.producer.synthetic.machine.Backend;
import io.dmascope.producer.synthetic.machine.Generation;
import io.dmascope.producer.synthetic.profile.Profile;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What no driver did wrong is silent, whatever the machine, although its manifest tells all. */
class HonestDriversTest {
  private static final long EVENTS = 1500;

  private static final class Verdict implements ModelOutput {
    final List<Violation> violations = new ArrayList<>();
    RuleCoverage coverage;

    @Override
    public void violation(Violation violation) {
      violations.add(violation);
    }

    @Override
    public void coverage(RuleCoverage told) {
      coverage = told;
    }
  }

  @ParameterizedTest
  @EnumSource(Profile.class)
  void breakNoRule(Profile profile) throws IOException {
    for (Backend backend : Backend.values()) {
      for (Generation generation : Generation.values()) {
        for (long seed = 7; seed < 10; seed++) {
          assertThat(verdict(seed, profile, backend, generation, false).violations).isEmpty();
          assertThat(verdict(seed, profile, backend, generation, true).violations).isEmpty();
        }
      }
    }
  }

  /** A board has no PCI devices, and so no facts about them. */
  @ParameterizedTest
  @EnumSource(value = Profile.class, mode = EnumSource.Mode.EXCLUDE, names = "BOARD")
  void areHeldToEveryRuleThatAsksForTheManifest(Profile profile) throws IOException {
    for (Backend backend : Backend.values()) {
      RuleCoverage coverage = verdict(7, profile, backend, Generation.V7_3, true).coverage;
      assertThat(coverage.notChecked())
          .extracting(NotChecked::because)
          .noneMatch(because -> because.contains("manifest"));
    }
  }

  @ParameterizedTest
  @EnumSource(Profile.class)
  void giveTheSameEventsForTheSameSeed(Profile profile) throws IOException {
    CaptureSpec spec = Captured.spec(7, profile, Backend.LAZY, Generation.V7_3, false, EVENTS);
    assertThat(Captured.of(new SyntheticCapture(spec)).events)
        .isEqualTo(Captured.of(new SyntheticCapture(spec)).events);
  }

  private static Verdict verdict(
      long seed, Profile profile, Backend backend, Generation generation, boolean dmaDebug)
      throws IOException {
    DmaModel model = new DmaModel();
    Verdict verdict = new Verdict();
    CaptureSpec spec = Captured.spec(seed, profile, backend, generation, dmaDebug, EVENTS);
    Captured.of(new SyntheticCapture(spec)).events.forEach(event -> model.apply(event, verdict));
    return verdict;
  }
}
