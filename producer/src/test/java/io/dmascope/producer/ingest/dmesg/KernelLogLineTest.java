package io.dmascope.producer.ingest.dmesg;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KernelLogLineTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "[   23.170799] DMAR: No SATC found",
        "<6>[   23.170799] DMAR: No SATC found",
        "[   23.170799][    T1] DMAR: No SATC found",
        "[   23.170799] [   T73] DMAR: No SATC found",
        "[   23.170799] myhost kernel: DMAR: No SATC found",
        "Nov 23 03:18:58 myhost kernel: [   23.170799] DMAR: No SATC found",
        "6,1234,23170799,-;DMAR: No SATC found",
        "6,1234,23170799,c,caller=T73;DMAR: No SATC found",
      })
  void lineWithTimeSinceBoot_hasStampAndText(String line) {
    assertThat(KernelLogLine.parse(7, line))
        .isEqualTo(new KernelLogLine(7, OptionalLong.of(23_170_799_000L), "DMAR: No SATC found"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[Mon Nov 23 03:18:58 2026] DMAR: No SATC found",
        "2026-11-23T03:18:58,123456+00:00 DMAR: No SATC found",
        "Nov 23 03:18:58 myhost kernel: DMAR: No SATC found",
        "DMAR: No SATC found",
      })
  void lineWithWallTimeOrNone_hasTextOnly(String line) {
    assertThat(KernelLogLine.parse(7, line))
        .isEqualTo(new KernelLogLine(7, OptionalLong.empty(), "DMAR: No SATC found"));
  }

  @Test
  void stampsOfALongUptime_doNotOverflow() {
    assertThat(KernelLogLine.parse(1, "[999999999.999999] x").stampNs())
        .hasValue(999_999_999_999_999_000L);
  }
}
