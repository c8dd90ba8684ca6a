package io.dmascope.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportCommandTest {
  private static final String MISUSE = "../golden/demo/misuse-strict-6.12/trace.txt.zst";
  private static final Pattern DATA =
      Pattern.compile("<script id=\"report\" type=\"application/octet-stream\">([^<]*)</script>");

  private final FakeTerminal terminal = new FakeTerminal();

  @TempDir private Path directory;

  @Test
  void report_holdsFindingsTheirLinesAndTheRules() throws IOException {
    Path file = directory.resolve("report.html");

    int status = terminal.run("report", "-o", file.toString(), MISUSE);

    assertThat(status).isZero();
    assertThat(terminal.out()).contains("report.html: ").endsWith("opens in any browser\n");
    assertThat(data(file))
        .contains(
            "\"rule\":\"DMA-MAP-003\"",
            "dma_unmap_page: 0000:00:0c.0 dir=TO_DEVICE dma_addr=ffffa000 size=4096",
            "\"how_to_fix_html\"",
            "\"mapped_offset_ns\"");
  }

  @Test
  void report_namesNoOtherFileAndNoHost() throws IOException {
    Path file = directory.resolve("report.html");

    terminal.run("report", "-o", file.toString(), MISUSE);

    assertThat(Files.readString(file))
        .doesNotContain(" src=\"", "<link rel=", "fetch('http", "url(")
        .contains("default-src 'none'");
  }

  @Test
  void whatCannotBeRead_isSaidAndTheRestIsWritten() throws IOException {
    Path file = directory.resolve("report.html");

    int status = terminal.run("report", "-o", file.toString(), "/no/such/trace", MISUSE);

    assertThat(status).isEqualTo(2);
    assertThat(terminal.err()).contains("/no/such/trace does not exist");
    assertThat(data(file)).contains("\"rule\":\"DMA-MAP-003\"");
  }

  @Test
  void fileThatCannotBeWritten_isSaidInOneSentence() {
    int status = terminal.run("report", "-o", directory + "/no/such/report.html", MISUSE);

    assertThat(status).isEqualTo(2);
    assertThat(terminal.err()).hasLineCount(1).contains("no/such/report.html");
  }

  private static String data(Path file) throws IOException {
    Matcher data = DATA.matcher(Files.readString(file));
    assertThat(data.find()).isTrue();
    byte[] packed = Base64.getDecoder().decode(data.group(1));
    try (GZIPInputStream plain = new GZIPInputStream(new ByteArrayInputStream(packed))) {
      return new String(plain.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
