package io.dmascope.it.oracle;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What we hold live is what the kernel's own checker holds live, entry by entry. */
class LiveSetOracleTest {
  @ParameterizedTest
  @ValueSource(strings = {"dma-debug-direct", "dma-debug-strict"})
  void liveSet_beforeTheModuleIsRemoved_equalsTheKernelsDump(String name) throws IOException {
    OracleRecording recording = OracleRecording.read(name);
    assertThat(recording.live("rmmod")).isEqualTo(recording.dumped("dump-before-rmmod.txt"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"dma-debug-direct", "dma-debug-strict"})
  void liveSet_atTheEnd_equalsTheKernelsDump(String name) throws IOException {
    OracleRecording recording = OracleRecording.read(name);
    assertThat(recording.live("")).isEqualTo(recording.dumped("dump-end.txt"));
  }
}
