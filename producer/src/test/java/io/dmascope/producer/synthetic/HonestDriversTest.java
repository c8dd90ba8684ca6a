package io.dmascope.producer.synthetic;

import static org.assertj.core.api.Assertions.assertThat;

import io.dmascope.model.dma.DmaModel;
import io.dmascope.model.event.DmaMap;
import io.dmascope.model.finding.ModelOutput;
import io.dmascope.model.finding.RuleCoverage;
import io.dmascope.model.finding.RuleCoverage.NotChecked;
import io.dmascope.model.finding.Violation;
import io.dmascope.model.rig.RigDevice;
import io.dmascope.producer.synthetic.machine.Backend;
import io.dmascope.producer.synthetic.machine.Generation;
import io.dmascope.producer.synthetic.machine.Layout;
import io.dmascope.producer.synthetic.machine.Layout.Topology;
import io.dmascope.producer.synthetic.machine.Machine;
import io.dmascope.producer.synthetic.profile.Profile;
import io.dmascope.producer.synthetic.profile.RequestSizes;
import io.dmascope.producer.synthetic.profile.RequestSizes.Share;
import io.dmascope.producer.synthetic.profile.Sizes;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
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

  @ParameterizedTest
  @EnumSource(Profile.class)
  void breakNoRuleInLargerMachines(Profile profile) throws IOException {
    Sizes sizes =
        new Sizes(
            4 << 20,
            Optional.of(
                new RequestSizes(
                    List.of(new Share(512, 1), new Share(4096, 6), new Share(3 << 20, 1)))));
    for (Topology topology : Topology.values()) {
      for (Backend backend : Backend.values()) {
        CaptureSpec usual = Captured.spec(7, profile, backend, Generation.V7_3, false, EVENTS);
        Machine.Spec machine =
            new Machine.Spec(Generation.V7_3, backend, 4, false, true, new Layout(3, topology));
        CaptureSpec spec =
            new CaptureSpec(
                "large", 7, machine, profile, usual.load(), sizes, EVENTS, usual.durationNs());
        assertThat(verdict(spec).violations).isEmpty();
      }
    }
  }

  @Test
  void findAsManyDevicesAsAskedFor() throws IOException {
    Machine.Spec machine =
        new Machine.Spec(
            Generation.V6_12, Backend.STRICT, 4, false, false, new Layout(4, Topology.BRIDGES));
    CaptureSpec usual =
        Captured.spec(7, Profile.NVME, Backend.STRICT, Generation.V6_12, false, EVENTS);
    CaptureSpec spec =
        new CaptureSpec(
            "four",
            7,
            machine,
            Profile.NVME,
            usual.load(),
            usual.sizes(),
            EVENTS,
            usual.durationNs());
    assertThat(new SyntheticCapture(spec).manifest().devices())
        .extracting(RigDevice::name)
        .contains("0000:01:00.0", "0000:81:00.0", "0000:02:00.0", "0000:82:00.0");
  }

  @Test
  void askForSizesByTheirWeight() throws IOException {
    Sizes sizes =
        new Sizes(
            4 << 20, Optional.of(new RequestSizes(List.of(new Share(512, 3), new Share(1024, 1)))));
    CaptureSpec usual =
        Captured.spec(7, Profile.NVME, Backend.DIRECT, Generation.V6_12, false, 4000);
    CaptureSpec spec =
        new CaptureSpec(
            "sized",
            7,
            usual.machine(),
            Profile.NVME,
            usual.load(),
            sizes,
            4000,
            Long.MAX_VALUE / 2);
    List<Long> sizesSeen =
        Captured.of(new SyntheticCapture(spec)).events.stream()
            .filter(DmaMap.class::isInstance)
            .map(event -> ((DmaMap) event).sizeBytes())
            .toList();
    long small = sizesSeen.stream().filter(size -> size == 512).count();
    long large = sizesSeen.stream().filter(size -> size == 1024).count();
    assertThat(small + large).isGreaterThan(1000).isGreaterThanOrEqualTo(sizesSeen.size() - 1);
    assertThat((double) small / large).isBetween(2.5, 3.5);
  }

  private static Verdict verdict(
      long seed, Profile profile, Backend backend, Generation generation, boolean dmaDebug)
      throws IOException {
    return verdict(Captured.spec(seed, profile, backend, generation, dmaDebug, EVENTS));
  }

  private static Verdict verdict(CaptureSpec spec) throws IOException {
    DmaModel model = new DmaModel();
    Verdict verdict = new Verdict();
    Captured.of(new SyntheticCapture(spec)).events.forEach(event -> model.apply(event, verdict));
    return verdict;
  }
}
