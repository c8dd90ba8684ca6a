package io.dmascope.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CiFormatsTest {
  private static final String UNMAP =
      "      %s-73      [003] .....    %s: dma_unmap_page: 0000:00:0c.0"
          + " dir=TO_DEVICE dma_addr=ffffe000 size=8192 attrs=\n";
  private static final String MAP =
      "      bash-73      [003] .....    15.757213: dma_map_page: 0000:00:0c.0 dir=TO_DEVICE"
          + " dma_addr=ffffe000 size=8192 phys_addr=11d167000 attrs=\n";

  private final FakeTerminal shell = new FakeTerminal();

  @TempDir private Path directory;

  @Test
  void github_annotatesTheLineOfTheFinding() throws IOException {
    String file = trace("t,1.txt");

    assertThat(shell.run("check", "--format=github", file)).isEqualTo(1);
    assertThat(shell.out())
        .startsWith(
            "::error file="
                + file.replace(",", "%2C")
                + ",line=3,title=DMA-MAP-001 0000%3A00%3A0c.0::unmaps what is already unmapped")
        .hasLineCount(1);
  }

  @Test
  void markdown_hasARowForTheFinding() throws IOException {
    assertThat(shell.run("check", "--format=markdown", trace("t_1.txt"))).isEqualTo(1);
    assertThat(shell.out())
        .contains("t\\_1.txt\n")
        .contains("| DMA-MAP-001 | error | certain | 0000:00:0c.0 | ")
        .contains("unmaps what is already unmapped \\[dma\\_addr=");
  }

  @Test
  void markdown_saysWhereNothingWasFound() throws IOException {
    Path file = directory.resolve("good.txt");
    Files.writeString(file, MAP + UNMAP.formatted("bash", "16.078662"));

    assertThat(shell.run("check", "--format=markdown", file.toString())).isZero();
    assertThat(shell.out()).contains("Nothing found.");
  }

  private String trace(String name) throws IOException {
    Path file = directory.resolve(name);
    Files.writeString(
        file, MAP + UNMAP.formatted("bash", "16.078662") + UNMAP.formatted("bash", "16.078664"));
    return file.toString();
  }
}
