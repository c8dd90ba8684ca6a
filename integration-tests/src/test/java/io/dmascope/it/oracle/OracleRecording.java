package io.dmascope.it.oracle;

import io.dmascope.model.dma.DmaModel;
import io.dmascope.model.event.CaptureEnd;
import io.dmascope.model.event.Marker;
import io.dmascope.model.event.TraceEvent;
import io.dmascope.model.event.TraceIssue;
import io.dmascope.model.finding.Violation;
import io.dmascope.model.mapping.Range;
import io.dmascope.producer.ingest.EventSink;
import io.dmascope.producer.ingest.ReadOptions;
import io.dmascope.producer.ingest.rig.RigCapture;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A recording on a kernel with dma-debug, with its rig manifest, and what the kernel said of the
 * same run.
 */
final class OracleRecording {
  private static final Path ORACLES =
      Path.of(System.getProperty("basedir", "."), "..", "golden", "oracle");
  private static final Pattern DUMP_LINE =
      Pattern.compile("^\\S+ (\\S+) (\\S+) .* D=(\\w+) L=(\\w+) .*DMA_([A-Z_]+) ");
  private static final String CASE_BEGINS = "case ";
  private static final String CASE_ENDS = "caseend ";

  private final Path directory;
  private final List<TraceEvent> events = new ArrayList<>();

  private OracleRecording(Path directory) {
    this.directory = directory;
  }

  /** Reads the recording of that name under {@code golden/oracle}. */
  static OracleRecording read(String name) throws IOException {
    OracleRecording recording = new OracleRecording(ORACLES.resolve(name));
    String trace = recording.directory.resolve("trace.ftrace.txt.zst").toString();
    try (RigCapture capture =
        RigCapture.open(
            trace,
            InputStream.nullInputStream(),
            ReadOptions.DEFAULT,
            RigCapture.Options.DEFAULT)) {
      capture.read(
          new EventSink() {
            @Override
            public void event(TraceEvent event) {
              recording.events.add(event);
            }

            @Override
            public void issue(TraceIssue issue) {
              throw new AssertionError(issue.toString());
            }
          });
    }
    return recording;
  }

  /** What the kernel said of each case, in order; a dash where it said nothing. */
  Map<String, String> verdicts() throws IOException {
    Map<String, String> verdicts = new LinkedHashMap<>();
    for (String line : Files.readAllLines(directory.resolve("oracle-cases.tsv"))) {
      String[] columns = line.split("\t", -1);
      verdicts.put(columns[0].strip(), columns[2].replaceFirst("^kernel: ", "").strip());
    }
    return verdicts;
  }

  /** Our findings by case; a finding outside every case stands under the empty name. */
  Map<String, List<Violation>> findingsByCase() {
    List<Violation> found = new ArrayList<>();
    DmaModel model = new DmaModel();
    events.forEach(event -> model.apply(event, found::add));
    Map<String, List<Violation>> byCase = new LinkedHashMap<>();
    for (Violation violation : found) {
      byCase
          .computeIfAbsent(caseAt(violation.at().sequence()), name -> new ArrayList<>())
          .add(violation);
    }
    return byCase;
  }

  private String caseAt(long sequence) {
    String current = "";
    for (TraceEvent event : events) {
      if (event.header().sequence() > sequence) {
        break;
      }
      if (event instanceof Marker marker && marker.text().startsWith(CASE_BEGINS)) {
        current = marker.text().substring(CASE_BEGINS.length()).strip();
      } else if (event instanceof Marker marker && marker.text().startsWith(CASE_ENDS)) {
        current = "";
      }
    }
    return current;
  }

  /** The mappings that the kernel lists in the dump, one line each, sorted. */
  List<String> dumped(String file) throws IOException {
    List<String> lines = new ArrayList<>();
    for (String line : Files.readAllLines(directory.resolve(file))) {
      Matcher fields = DUMP_LINE.matcher(line);
      if (!fields.find()) {
        throw new AssertionError("no line of a dma-debug dump: " + line);
      }
      lines.add(
          String.join(
              " ",
              fields.group(1),
              fields.group(2),
              fields.group(3),
              fields.group(4),
              fields.group(5)));
    }
    return lines.stream().sorted().toList();
  }

  /** What our model holds live when the marker is met, or at the end for an empty marker. */
  List<String> live(String marker) {
    DmaModel model = new DmaModel();
    for (TraceEvent event : events) {
      boolean met =
          !marker.isEmpty() && event instanceof Marker text && text.text().startsWith(marker);
      if (met || event instanceof CaptureEnd) {
        break;
      }
      model.apply(event, violation -> {});
    }
    List<String> lines = new ArrayList<>();
    for (Range range : model.liveMappings().ranges().live()) {
      String line =
          "%s %s %x %x %s"
              .formatted(
                  range.owner().device().name(),
                  range.owner().kind().debugName(),
                  range.addr(),
                  range.sizeBytes(),
                  range.owner().direction());
      for (int i = 0; i < range.owner().instances(); i++) {
        lines.add(line);
      }
    }
    return lines.stream().sorted().toList();
  }
}
