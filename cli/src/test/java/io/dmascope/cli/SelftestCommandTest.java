package io.dmascope.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SelftestCommandTest {
  private final FakeTerminal shell = new FakeTerminal();

  @Test
  void shippedVectors_allMatch() {
    assertThat(shell.run("selftest")).isZero();
    assertThat(shell.out())
        .contains("iommu_map_sg", "iova_allocator", "250 of 250 match")
        .doesNotContain(": kernel");
  }

  @Test
  void aVectorThatDiffers_isShown(@TempDir Path directory) throws IOException {
    Files.writeString(
        directory.resolve("sg_table_from_pages.jsonl"),
        """
        {"id": "sg_table_from_pages-7", "page_frames": ["0x1"], "offset": "0x0", \
        "size": "0x1000", "max_segment": "0x1000", "entries": [{"phys": "0x2000", \
        "len": "0x1000"}]}
        """);

    assertThat(shell.run("selftest", "--vectors", directory.toString()))
        .isEqualTo(ExitCode.FINDINGS);
    assertThat(shell.out())
        .contains("0 of 1 match", "sg_table_from_pages-7: entries[0].phys: kernel \"0x2000\"");
  }

  @Test
  void aFileOfNoKnownVectors_isUnusable(@TempDir Path directory) throws IOException {
    Files.writeString(directory.resolve("other.jsonl"), "{\"id\": \"other-1\"}\n");

    assertThat(shell.run("selftest", "--vectors", directory.toString()))
        .isEqualTo(ExitCode.UNUSABLE);
    assertThat(shell.err()).contains("other.jsonl: vectors of no kind that is known");
  }

  @Test
  void aDirectoryThatIsNotThere_isSaid() {
    assertThat(shell.run("selftest", "--vectors", "nowhere")).isEqualTo(ExitCode.UNUSABLE);
    assertThat(shell.err()).contains("nowhere: there is no such file");
  }
}
