package io.dmascope.analytics.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.dmascope.model.event.IoPageFault;
import io.dmascope.model.finding.EventRef;
import org.junit.jupiter.api.Test;

final class PlacesTest {
  private static EventRef at(int pid, String comm, long place) {
    return new EventRef(1, 0, 0, pid, comm, place);
  }

  @Test
  void negativePlace_isALineOfTheProbeRecording() {
    EventRef probed = at(7, "dd", -12);

    assertThat(Places.companion(probed)).isEqualTo("probe");
    assertThat(Places.number(probed)).isEqualTo(12);
  }

  @Test
  void kernelLogLine_isNamed() {
    EventRef logged = at(-1, IoPageFault.KERNEL_LOG, 12);

    assertThat(Places.companion(logged)).isEqualTo("dmesg");
    assertThat(Places.number(logged)).isEqualTo(12);
  }

  @Test
  void eventOfTheCapture_hasNoCompanion() {
    assertThat(Places.companion(at(7, "dd", 12))).isEmpty();
  }
}
