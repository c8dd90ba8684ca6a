package io.dmascope.analytics.report;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class MessageShapeTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          unmaps 4096 bytes of 8192           | unmaps # bytes of #
          [dma_addr=0xffffe000] [size=4096]   | [dma_addr=#] [size=#]
          [dma_addr=ffffffff] at 11bbdd000    | [dma_addr=#] at #
          nvme0 freed a bad face              | nvme0 freed a bad face
          mapped TO_DEVICE, nents=8/5         | mapped TO_DEVICE, nents=#/#
          """)
  void shape_isTheMessageWithoutItsNumbers(String message, String shape) {
    assertThat(MessageShape.of(message)).isEqualTo(shape);
  }
}
