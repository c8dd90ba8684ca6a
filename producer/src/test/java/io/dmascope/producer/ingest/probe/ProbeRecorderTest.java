package io.dmascope.producer.ingest.probe;

import static org.assertj.core.api.Assertions.assertThat;

import io.dmascope.model.event.ProbeEvent;
import io.dmascope.model.event.ProbeShape;
import io.dmascope.model.event.TraceEvent;
import io.dmascope.model.event.TraceIssue;
import io.dmascope.producer.ingest.EventSink;
import io.dmascope.producer.ingest.ReadOptions;
import io.dmascope.producer.ingest.open.Capture;
import io.dmascope.producer.ingest.open.Captures;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the probe recorder prints is what the readers read. It is not run: that takes a kernel. */
final class ProbeRecorderTest {
  private static final Path KIT =
      Path.of(System.getProperty("basedir", "."), "..", "capture").toAbsolutePath().normalize();
  private static final Pattern PRINTF = Pattern.compile("printf\\(\"(.*: dmascope_.*)\\\\n\"");
  private static final Pattern LABELLED = Pattern.compile("([a-z0-9_]+)=%[a-z]+");

  @TempDir private Path directory;

  static List<String> formats() throws IOException {
    return PRINTF
        .matcher(Files.readString(KIT.resolve("dmascope-probe.bt")))
        .results()
        .map(match -> match.group(1))
        .toList();
  }

  /** A line that this format could have printed. */
  private static String line(String format) {
    String text =
        format
            .replace("%16s-%-7d", "            fio-7      ")
            .replace("%03d", "003")
            .replace("%5llu.%09llu", "   12.000000001");
    String name = text.replaceFirst(".*: dmascope_([a-z0-9_]+): .*", "$1");
    ProbeShape shape = ProbeShape.named(name).orElseThrow();
    return LABELLED
        .matcher(text)
        .replaceAll(match -> sample(shape, match))
        .replaceAll("%(l*x|u|d)", "1");
  }

  private static String sample(ProbeShape shape, MatchResult labelled) {
    String label = labelled.group(1);
    ProbeShape.Field field =
        shape.fields().stream().filter(f -> f.label().equals(label)).findFirst().orElseThrow();
    return label
        + "="
        + switch (field.form()) {
          case TEXT -> "nvme0";
          case CONSTANT -> field.constants().getLast();
          case NUMBER, INT, FLAG -> "1";
          case LIST -> "{}";
        };
  }

  @ParameterizedTest
  @MethodSource("formats")
  void everyLine_isAnEvent(String format) throws Exception {
    List<TraceEvent> events = new ArrayList<>();
    List<TraceIssue> issues = new ArrayList<>();
    byte[] text = (line(format) + "\n").getBytes(StandardCharsets.UTF_8);
    try (Capture capture =
        Captures.open("-", new ByteArrayInputStream(text), ReadOptions.DEFAULT)) {
      capture.read(
          new EventSink() {
            @Override
            public void event(TraceEvent event) {
              events.add(event);
            }

            @Override
            public void issue(TraceIssue issue) {
              issues.add(issue);
            }
          });
    }

    assertThat(issues).isEmpty();
    assertThat(events).filteredOn(event -> event instanceof ProbeEvent).hasSize(1);
  }

  @Test
  void whatSectionsWatch_areKindsOfEvents() throws Exception {
    assertThat(
            Files.readString(KIT.resolve("dmascope-probe.bt"))
                .lines()
                .filter(line -> line.startsWith("// watches: ")))
        .isNotEmpty()
        .allMatch(line -> ProbeShape.named(line.substring("// watches: ".length())).isPresent());
  }

  @Test
  void sectionsWithoutTheirFunctions_areLeftOut() throws Exception {
    String script = dryRun("driver_bound", "device_unbind_cleanup", "dma_buf_detach");

    assertThat(script)
        .contains("dmascope_probes: clock=boot attached=driver_binding\\n")
        .contains("$t = nsecs(boot);")
        .contains("op=DETACH")
        .doesNotContain("op=MAP", "debug_dma_mapping_error", "$t = nsecs;", "END");
  }

  @Test
  void withDmaDebug_errorChecksAreWatched_butNotThoseOfDmaDebugItself() throws Exception {
    String script = dryRun("debug_dma_mapping_error", "debug_dma_map_phys");

    assertThat(script)
        .contains("attached=mapping_error_check\\n")
        .contains("kretfunc:vmlinux:debug_dma_map_phys")
        .contains("END { clear(@noting); }")
        .doesNotContain("debug_dma_map_page");
  }

  // bpftrace 0.23 copies a nested choice in the size of its outer word, and Linux 6.12 and 7.3
  // refused the program: "invalid access to map value, value_size=61 off=67 size=1".
  @Test
  void ofSeveralWords_theShorterComeFirst() throws Exception {
    Pattern choice =
        Pattern.compile("\\? \"[A-Z_]+\"(?:\\s*:[^:;]*?\\?? \"[A-Z_]+\")+", Pattern.DOTALL);
    List<String> choices =
        choice
            .matcher(Files.readString(KIT.resolve("dmascope-probe.bt")))
            .results()
            .map(MatchResult::group)
            .toList();

    assertThat(choices).hasSizeGreaterThan(5);
    for (String words : choices) {
      assertThat(Pattern.compile("\"([A-Z_]+)\"").matcher(words).results().map(m -> m.group(1)))
          .as(words)
          .isSortedAccordingTo(Comparator.comparingInt(String::length));
    }
  }

  // "fentry:dma_iova_link: functions with more than 6 parameters are not supported."
  @Test
  void aFunctionOfSevenParameters_isNotProbedByFentry() throws Exception {
    assertThat(dryRun("dma_iova_link"))
        .contains("kprobe:dma_iova_link {", "kretprobe:dma_iova_link /", "END { clear(@link); }")
        .doesNotContain("func:vmlinux:dma_iova_link", "SEVENTH_ARGUMENT");
  }

  private String dryRun(String... functions) throws Exception {
    StringBuilder symbols = new StringBuilder();
    for (String function : functions) {
      symbols.append("0000000000000000 T ").append(function).append('\n');
    }
    Path kallsyms = Files.writeString(directory.resolve("kallsyms"), symbols);
    ProcessBuilder builder =
        new ProcessBuilder("sh", KIT.resolve("dmascope-probe").toString(), "-n", "-c", "boot")
            .redirectErrorStream(true);
    builder.environment().put("KALLSYMS", kallsyms.toString());
    Process run = builder.start();
    String out = new String(run.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(run.waitFor()).as(out).isZero();
    return out;
  }
}
