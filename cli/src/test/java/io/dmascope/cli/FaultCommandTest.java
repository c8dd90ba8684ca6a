package io.dmascope.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.InputFormat;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class FaultCommandTest {
  private static final Path GOLDEN = Path.of("..", "golden");
  private static final String MISUSE = GOLDEN + "/demo/misuse-strict-6.12/trace.txt.zst";
  private static final String MISUSE_LOG = GOLDEN + "/faults/misuse-strict.dmesg.txt";
  private static final String DMA_DEBUG = GOLDEN + "/oracle/dma-debug-strict/trace.ftrace.txt.zst";
  private static final String DMA_DEBUG_LOG = GOLDEN + "/faults/dma-debug-strict.dmesg.txt";

  private static final String RING =
      """
              bash-73      [003] .....    10.000000: map: IOMMU: iova=0x00000000ffffb000 - 0x00000000ffffc000 paddr=0x0000000000001000 size=4096
              bash-73      [003] .....    10.000010: dma_map_page: 0000:00:0c.0 dir=TO_DEVICE dma_addr=ffffb000 size=4096 phys_addr=1000 attrs=
              bash-73      [003] .....    10.000020: map: IOMMU: iova=0x00000000ffffc000 - 0x00000000ffffd000 paddr=0x0000000000002000 size=4096
              bash-73      [003] .....    10.000030: dma_map_page: 0000:00:0c.0 dir=FROM_DEVICE dma_addr=ffffc000 size=4096 phys_addr=2000 attrs=
               cat-74      [001] .....    10.500000: unmap: IOMMU: iova=0x00000000ffffc000 - 0x00000000ffffd000 size=4096 unmapped_size=4096
               cat-74      [001] .....    10.500010: dma_unmap_page: 0000:00:0c.0 dir=FROM_DEVICE dma_addr=ffffc000 size=4096 attrs=
              bash-73      [003] .....    11.000000: dma_unmap_page: 0000:00:0d.0 dir=TO_DEVICE dma_addr=77000 size=4096 attrs=
      """;

  private final FakeTerminal shell = new FakeTerminal();

  @TempDir private Path directory;

  @Test
  void everyFaultOfAMisuseRecording_namesItsMapping() throws IOException {
    JsonNode faults = explained(MISUSE, "--dmesg", MISUSE_LOG);

    assertThat(faults).hasSize(3);
    assertFault(faults.get(0), "after_unmap", "0xffd000", "FROM_DEVICE", 1612);
    assertFault(faults.get(1), "against_direction", "0xffd000", "TO_DEVICE", 1644);
    assertFault(faults.get(2), "past_end", "0xffd000", "FROM_DEVICE", 1676);
    assertThat(faults.get(2).at("/former/address").asText()).isEqualTo("0xffe000");
  }

  @Test
  void everyFaultOfADmaDebugRecording_namesItsMapping() throws IOException {
    JsonNode faults = explained(DMA_DEBUG, "--dmesg", DMA_DEBUG_LOG);

    assertThat(faults).hasSize(3);
    assertThat(faults.findValuesAsText("kind"))
        .contains("after_unmap", "against_direction", "against_direction");
    assertThat(faults.get(2).at("/cause/address").asText())
        .describedAs("a mapping that an earlier case leaked")
        .isEqualTo("0xffff9000");
    assertThat(faults.get(2).at("/below/address").asText())
        .describedAs("the buffer that the device ran out of")
        .isEqualTo("0xffff8000");
  }

  @Test
  void text_fitsEightyColumns() {
    assertThat(shell.run("fault", "--dmesg", MISUSE_LOG, MISUSE)).isZero();

    assertThat(shell.out().lines()).allSatisfy(line -> assertThat(line).hasSizeLessThan(81));
    assertThat(shell.out())
        .startsWith("0000:00:0c.0 wrote to 0x0000000000ffd000: access after the unmap\n")
        .contains("  unmapped 102.120 ms before\n")
        .contains("    unmapped  at 36.945162 s, bash-174 on CPU 0, line 1616\n")
        .contains("    --> 0xffd000    ----       4096  ended 102.120 ms   FROM_DEVICE   bash\n");
  }

  @Test
  void address_isAnsweredAtTheMomentAskedFor() {
    shell.withInput(RING.getBytes(UTF_8));

    shell.run("fault", "-d", "00:0c.0", "-a", "ffffc123", "-t", "10.25", "--access", "read", "-");

    assertThat(shell.out())
        .startsWith("0000:00:0c.0 read 0x00000000ffffc123: access against the mapping's direction")
        .contains("mapped FROM_DEVICE 249.970 ms before and still live");
  }

  @Test
  void address_isAnsweredAtTheEndUnlessToldOtherwise() {
    shell.withInput(RING.getBytes(UTF_8));

    shell.run("fault", "--device", "0000:00:0c.0", "--address", "0xffffc123", "-");

    assertThat(shell.out())
        .startsWith("0000:00:0c.0 used 0x00000000ffffc123: access after the unmap")
        .contains("unmapped 499.990 ms before")
        .contains("but also one page past the end of this")
        .contains("whether it was a read or a write");
  }

  @Test
  void recordingThatBeganLate_saysWhatIsNotKnown() {
    shell.withInput(RING.getBytes(UTF_8));

    shell.run("fault", "--device", "0000:00:0c.0", "--address", "0x5000", "-");

    assertThat(shell.out())
        .contains("never mapped")
        .contains("suspect: the recording may have begun after it was mapped")
        .contains("what was mapped before the recording began");
  }

  @Test
  void recordingWithoutFaults_saysHowToAsk() {
    shell.withInput(RING.getBytes(UTF_8));

    assertThat(shell.run("fault", "-")).isZero();
    assertThat(shell.out()).startsWith("no IOMMU fault in the recording");
  }

  @Test
  void unknownDevice_isAMistake() {
    shell.withInput(RING.getBytes(UTF_8));

    assertThat(shell.run("fault", "-d", "00:99.0", "-a", "5000", "-")).isEqualTo(2);
    assertThat(shell.err()).contains("no event of a device 00:99.0").contains("0000:00:0d.0");
  }

  @Test
  void addressWithoutDevice_isAMistake() {
    assertThat(shell.run("fault", "-a", "5000", "-")).isEqualTo(2);
    assertThat(shell.err()).contains("--address needs --device");
  }

  @Test
  void addressThatIsNone_isAMistake() {
    assertThat(shell.run("fault", "-d", "x", "-a", "ffffzz", "-")).isEqualTo(2);
    assertThat(shell.err()).contains("--address ffffzz is no hexadecimal number");
  }

  @Test
  void storm_isOneExplanationWithACount() throws IOException {
    Path storm = directory.resolve("storm.txt");
    StringBuilder text = new StringBuilder(RING);
    for (int i = 0; i < 1000; i++) {
      text.append(
          """
                  <idle>-0     [002] d.h1.    12.%06d: io_page_fault: IOMMU:amd_iommu 0000:00:0c.0 iova=0x00000000ffffc%03x flags=0x0001
          """
              .formatted(i, i));
    }
    Files.writeString(storm, text);

    JsonNode faults = explained(storm.toString());

    assertThat(faults).hasSize(1);
    assertThat(faults.at("/0/count").asInt()).isEqualTo(1000);
    assertThat(faults.at("/0/highest_address").asText()).isEqualTo("0xffffc3e7");
  }

  @Test
  void json_isWhatTheSchemaSays() throws IOException {
    shell.run("fault", "--format", "json", "--dmesg", MISUSE_LOG, MISUSE);

    String schema = Files.readString(Path.of("..", "docs", "fault.schema.json"));
    assertThat(
            SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                .getSchema(schema, InputFormat.JSON)
                .validate(shell.out(), InputFormat.JSON))
        .isEqualTo(List.of());
  }

  private JsonNode explained(String... arguments) throws IOException {
    FakeTerminal terminal = new FakeTerminal();
    List<String> line = new ArrayList<>(List.of("fault", "--format=json"));
    line.addAll(List.of(arguments));
    assertThat(terminal.run(line.toArray(String[]::new))).describedAs(terminal.err()).isZero();
    return new ObjectMapper().readTree(terminal.out()).at("/captures/0/explained");
  }

  private static void assertFault(
      JsonNode fault, String kind, String mapping, String direction, int line) {
    assertThat(fault.get("kind").asText()).isEqualTo(kind);
    assertThat(fault.at("/cause/address").asText()).isEqualTo(mapping);
    assertThat(fault.at("/cause/direction").asText()).isEqualTo(direction);
    assertThat(fault.at("/cause/mapped/place").asInt()).isEqualTo(line);
  }
}
