package io.dmascope.schemas.codec;

import static org.assertj.core.api.Assertions.assertThat;

import io.dmascope.schemas.RunName;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class RunRecordCodecTest {
  private static final RunRecord RUN =
      RunRecord.begun(
              new RunName("june"),
              "dmascope.run.june",
              1_000,
              Map.of("rules", "DMA-*", "from", "+12.5"),
              List.of(0L, 17L),
              List.of(100L, 20L))
          .at(RunRecord.State.STOPPED, 2_000, 3, 4, 5, 6);

  @Test
  void decoded_isWhatWasEncoded() throws Exception {
    assertThat(RunRecordCodec.decode(RunRecordCodec.encode(RUN))).isEqualTo(RUN);
  }

  @Test
  void total_isWhatLiesBetweenTheOffsets() {
    assertThat(RUN.totalRecords()).isEqualTo(103);
  }

  @Test
  void progressText_bringsTheProgressBack() {
    RunRecord before = RUN.at(RunRecord.State.STOPPED, 0, 0, 0, 0, 0);

    assertThat(before.withProgress(RUN.progressText())).isEqualTo(RUN);
    assertThat(before.withProgress("somebody else's metadata")).isEqualTo(before);
  }
}
