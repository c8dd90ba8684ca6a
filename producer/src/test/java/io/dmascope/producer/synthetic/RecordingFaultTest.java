package io.dmascope.producer.synthetic;

import static org.assertj.core.api.Assertions.assertThat;

import io.dmascope.model.event.EventsLost;
import io.dmascope.model.event.TraceEvent;
import io.dmascope.producer.synthetic.machine.Backend;
import io.dmascope.producer.synthetic.machine.Chance;
import io.dmascope.producer.synthetic.machine.Generation;
import io.dmascope.producer.synthetic.profile.Profile;
import io.dmascope.producer.synthetic.recording.RecordingFault;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class RecordingFaultTest {
  /** So few events that losses meet often. */
  private static final long EVENTS = 150;

  private static final int SEEDS = 200;

  /** As the kernel does: a page tells what is missing before it, so two losses in a row are one. */
  @Test
  void everyLoss_isToldByTheEventOfItsCpuThatFollows() throws IOException {
    List<TraceEvent> whole = whole();
    for (int seed = 0; seed < SEEDS; seed++) {
      List<TraceEvent> recorded = RecordingFault.LOST.applyTo(whole, new Chance(seed));
      for (int i = 0; i < recorded.size(); i++) {
        if (recorded.get(i) instanceof EventsLost gap) {
          TraceEvent next = recorded.get(i + 1);
          assertThat(next).as("seed %d, event %d", seed, i).isNotInstanceOf(EventsLost.class);
          assertThat(next.header().cpu()).isEqualTo(gap.header().cpu());
        }
      }
    }
  }

  @Test
  void losses_countAllThatIsMissing() throws IOException {
    List<TraceEvent> whole = whole();
    for (int seed = 0; seed < SEEDS; seed++) {
      List<TraceEvent> recorded = RecordingFault.LOST.applyTo(whole, new Chance(seed));
      List<EventsLost> gaps =
          recorded.stream()
              .filter(EventsLost.class::isInstance)
              .map(EventsLost.class::cast)
              .toList();
      int kept = recorded.size() - gaps.size();
      assertThat(gaps.stream().mapToLong(EventsLost::count).sum())
          .as("seed %d", seed)
          .isEqualTo(whole.size() - kept);
    }
  }

  private static List<TraceEvent> whole() throws IOException {
    CaptureSpec spec =
        Captured.spec(7, Profile.AHCI, Backend.LAZY, Generation.V6_12, false, EVENTS);
    return Captured.of(new SyntheticCapture(spec)).events;
  }
}
