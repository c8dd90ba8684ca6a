package io.dmascope.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class ExplainCommandTest {
  private final FakeTerminal shell = new FakeTerminal();

  @Test
  void page_isRenderedForReading() {
    assertThat(shell.run("explain", "tst-pag-001")).isZero();
    assertThat(shell.out())
        .isEqualTo(
            """
            TST-PAG-001: a page for tests

            severity  needs
            ERROR     dma_map_page

            A sentence that is long enough to be wrapped because it has more characters than a line of the
            page can hold, you see.

            - first point
            - second point, with code and a link

            1. one
            2. two

                nvme0 UNMAP 0x1000
            """);
  }

  @Test
  void page_isColouredOnATerminal() {
    shell.watched().run("explain", "TST-PAG-001");

    assertThat(shell.out()).contains("\u001b[1;36mTST-PAG-001: a page for tests\u001b[0m");
  }

  @Test
  void noColor_isHonoured() {
    shell.watched().withEnvironment("NO_COLOR", "1").run("explain", "TST-PAG-001");

    assertThat(shell.out()).doesNotContain("\u001b");
  }

  @Test
  void unknownRule_isASentence() {
    assertThat(shell.run("explain", "dma-map-01")).isEqualTo(ExitCode.UNUSABLE);
    assertThat(shell.err()).contains("there is no rule DMA-MAP-01; near it: DMA-MAP-01");
  }
}
