package io.dmascope.producer.ingest.open;

import static org.assertj.core.api.Assertions.assertThat;

import io.dmascope.model.event.CaptureFacts;
import io.dmascope.model.event.InputCounts;
import io.dmascope.producer.ingest.TracefsPrinter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What real recordings of every text form under {@code golden/formats} become. */
class TextFormsTest {
  private static final Path FORMATS =
      Path.of(System.getProperty("basedir", "."), "..", "golden", "formats");

  /** With {@code UPDATE_GOLDEN=1} the accounts are written anew, to be looked at. */
  @Test
  void everyLine_isAccountedForAsBefore() throws IOException {
    StringBuilder accounts = new StringBuilder();
    for (Path file : recordings()) {
      accounts.append(account(file)).append('\n');
    }
    Path expected = FORMATS.resolve("accounts.txt");
    if ("1".equals(System.getenv("UPDATE_GOLDEN"))) {
      Files.writeString(expected, accounts);
    }

    assertThat(accounts).hasToString(Files.readString(expected));
  }

  @Test
  void oneRecording_throughThreeTools_givesTheSameEvents() throws IOException {
    List<String> tracefs = comparable("trace.txt.zst");

    assertThat(comparable("trace-cmd-report-3.3.1.txt.zst")).isEqualTo(tracefs);
    assertThat(comparable("trace-cmd-report-3.1.6.txt.zst")).isEqualTo(tracefs);
  }

  @Test
  void whatIsPrintedAsTracefsDoes_readsBackTheSame() throws IOException {
    TracefsPrinter printer = new TracefsPrinter();
    for (Path file : recordings()) {
      String printed =
          read(file).events().stream()
              .filter(event -> event.header().cpu() >= 0 && event.header().pid() >= 0)
              .map(event -> printer.line(event) + "\n")
              .collect(Collectors.joining());
      if (!printed.isEmpty()) {
        Recording again = Recording.ofText(printed);
        assertThat(again.issues).isEmpty();
        assertThat(again.events().stream().map(event -> printer.line(event) + "\n"))
            .as("%s", file)
            .containsExactlyElementsOf(printed.lines().map(line -> line + "\n").toList());
      }
    }
  }

  @Test
  void theLatencyFormat_namesTheKernel() throws IOException {
    Recording read = read(FORMATS.resolve("tracefs-variants/opt_latency-format.txt"));

    assertThat(read.start().facts().kernelRelease()).isEqualTo("6.12.107+deb13-amd64");
  }

  @Test
  void clocksThatCountNoTime_keepTheBareNumber() throws IOException {
    assertThat(firstStamp("clock_boot.txt")).isEqualTo(121_595_488_000L);
    assertThat(firstStamp("clock_counter.txt")).isEqualTo(4);
    assertThat(firstStamp("clock_uptime.txt")).isEqualTo(12225);
    assertThat(firstStamp("clock_x86-tsc.txt")).isEqualTo(250_736_268_470L);
    assertThat(firstStamp("opt_latency-format.txt")).isEqualTo(239_375_000L);
  }

  @Test
  void onlyBareNumbers_areNoTime() throws IOException {
    List<String> untimed = new ArrayList<>();
    for (Path file : recordings()) {
      CaptureFacts facts = read(file).start().facts();
      if (!facts.clockCountsTime()) {
        untimed.add(file.getFileName() + " " + facts.clock());
      }
    }
    assertThat(untimed)
        .containsExactlyInAnyOrder(
            "clock_counter.txt untimed", "clock_uptime.txt untimed", "clock_x86-tsc.txt untimed");
  }

  @Test
  void aStream_saysKernelAndClockFirst() throws IOException {
    Recording read =
        Recording.ofText("# os release : 6.18.0\n# trace_clock : mono\n# tracer: nop\n");

    assertThat(read.start().facts().kernelRelease()).isEqualTo("6.18.0");
    assertThat(read.start().facts().clock()).isEqualTo("mono");
    assertThat(read.issues).isEmpty();
  }

  private static long firstStamp(String file) throws IOException {
    Recording read = read(FORMATS.resolve("tracefs-variants").resolve(file));
    return read.events().stream()
        .mapToLong(event -> event.header().timestampNs())
        .filter(stamp -> stamp != 0)
        .findFirst()
        .orElseThrow();
  }

  private static List<Path> recordings() throws IOException {
    try (Stream<Path> files = Files.walk(FORMATS)) {
      return files
          .filter(file -> file.toString().matches(".*/[^/]+/[^/]+\\.txt(\\.zst)?"))
          .filter(file -> file.getNameCount() == FORMATS.getNameCount() + 2)
          .sorted()
          .toList();
    }
  }

  private static Recording read(Path file) throws IOException {
    Recording recording = Recording.of(Files.readAllBytes(file));
    InputCounts counts = recording.counts();
    assertThat(counts.decoded() + counts.skipped() + counts.issues())
        .as("lines of %s", file)
        .isEqualTo(counts.lines());
    return recording;
  }

  private static String account(Path file) throws IOException {
    Recording recording = read(file);
    Map<String, Integer> kinds = new TreeMap<>();
    recording
        .events()
        .forEach(event -> kinds.merge(event.getClass().getSimpleName(), 1, Integer::sum));
    recording.issues.forEach(issue -> kinds.merge(issue.kind().name(), 1, Integer::sum));
    InputCounts counts = recording.counts();
    return "%s: %s%n  lines %d = decoded %d + skipped %d + issues %d; events %d, lost %d%n  %s"
        .formatted(
            FORMATS.relativize(file),
            recording.start().facts().format(),
            counts.lines(),
            counts.decoded(),
            counts.skipped(),
            counts.issues(),
            counts.events(),
            counts.lost(),
            kinds)
        .replace("\r", "");
  }

  /**
   * The events as tracefs prints them, without what the forms tell differently: pointers (hashed in
   * tracefs), and the flags of an event that trace-cmd 3.1.6 cannot format.
   */
  private static List<String> comparable(String file) throws IOException {
    TracefsPrinter printer = new TracefsPrinter();
    return read(FORMATS.resolve("misuse-direct-612").resolve(file)).events().stream()
        .map(printer::line)
        .map(line -> line.replaceAll("virt_addr=0*[1-9a-f][0-9a-f]*", "virt_addr=POINTER"))
        .map(line -> line.replaceAll("(dma_alloc_sgt: .* flags=)\\S+", "$1FLAGS"))
        .toList();
  }
}
