package io.dmascope.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DiffCommandTest {
  private static final String MAP =
      "      bash-73      [003] .....    15.757213: dma_map_page: 0000:00:0c.0 dir=TO_DEVICE"
          + " dma_addr=%1$s size=8192 phys_addr=11d167000 attrs=\n"
          + "      bash-73      [003] .....    16.078662: dma_unmap_page: 0000:00:0c.0"
          + " dir=TO_DEVICE dma_addr=%1$s size=8192 attrs=\n";
  private static final String AGAIN =
      "      bash-73      [003] .....    16.078664: dma_unmap_page: 0000:00:0c.0 dir=TO_DEVICE"
          + " dma_addr=%s size=8192 attrs=\n";
  private static final String GOOD = MAP.formatted("ffffe000");
  private static final String BAD = GOOD + AGAIN.formatted("ffffe000");
  private static final String BAD_ELSEWHERE =
      MAP.formatted("abc000") + AGAIN.formatted("abc000") + AGAIN.formatted("abc000");

  private final FakeTerminal shell = new FakeTerminal();

  @TempDir private Path directory;

  @Test
  void newFinding_isToldAndFails() throws IOException {
    assertThat(shell.run("diff", file("a.txt", GOOD), file("b.txt", BAD))).isEqualTo(1);
    assertThat(shell.out())
        .contains("new          DMA-MAP-001  0000:00:0c.0          -          1\n")
        .endsWith("1 new, 0 gone, 0 not checked any more, 0 the same\n");
  }

  @Test
  void sameCauseAtAnotherAddress_isTheSame() throws IOException {
    assertThat(shell.run("diff", file("a.txt", BAD), file("b.txt", BAD_ELSEWHERE))).isZero();
    assertThat(shell.out())
        .endsWith("0 new, 0 gone, 0 not checked any more, 1 the same (--all lists them)\n");
  }

  @Test
  void savedReport_standsForItsRecording() throws IOException {
    FakeTerminal check = new FakeTerminal();
    check.run("check", "--format=json", file("a.txt", BAD));
    String saved = file("a.json", check.out());

    assertThat(shell.run("diff", "--format=json", saved, file("b.txt", GOOD))).isZero();
    assertThat(new ObjectMapper().readTree(shell.out()).at("/counts/gone").asInt()).isEqualTo(1);
  }

  @Test
  void standardInput_mayBeOneOfThem() throws IOException {
    shell.withInput(BAD.getBytes(UTF_8));

    assertThat(shell.run("diff", file("a.txt", GOOD), "-")).isEqualTo(1);
    assertThat(new FakeTerminal().run("diff", "-", "-")).isEqualTo(2);
  }

  @Test
  void otherJson_isRefused() throws IOException {
    assertThat(shell.run("diff", file("a.json", "{\"a\": 1}"), file("b.txt", GOOD))).isEqualTo(2);
    assertThat(shell.err()).contains("is JSON, but not what dmascope check --format json prints");
  }

  private String file(String name, String content) throws IOException {
    return Files.writeString(directory.resolve(name), content).toString();
  }
}
