package io.dmascope.producer.ingest.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dmascope.model.event.DmaMap;
import io.dmascope.model.event.EventsLost;
import io.dmascope.model.event.ProbeEvent;
import io.dmascope.model.event.TraceEvent;
import io.dmascope.model.event.TraceIssue;
import io.dmascope.producer.ingest.EventSink;
import io.dmascope.producer.ingest.ReadOptions;
import io.dmascope.producer.ingest.UnusableInputException;
import io.dmascope.producer.ingest.rig.RigCapture;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A probe recording beside a capture. */
final class ProbeTraceReaderTest implements EventSink {
  private static final String TRACE =
      """
                 dd-314     [003] .....   121.595488: dma_map_page: 0000:00:04.0 dir=TO_DEVICE dma_addr=1000 size=512 phys_addr=1000 attrs=
                 dd-314     [003] .....   121.595500: dma_unmap_page: 0000:00:04.0 dir=TO_DEVICE dma_addr=1000 size=512 attrs=
      """;

  private final List<TraceEvent> events = new ArrayList<>();
  private final List<TraceIssue> issues = new ArrayList<>();
  @TempDir private Path directory;

  @Override
  public void event(TraceEvent event) {
    events.add(event);
  }

  @Override
  public void issue(TraceIssue issue) {
    issues.add(issue);
  }

  private static String probe(String stamp, String text) {
    return "              dd-314     [003] ..... %s: dmascope_%s\n".formatted(stamp, text);
  }

  private static String check(String stamp) {
    return probe(stamp, "mapping_error_check: device=0000:00:04.0 dma_addr=0x1000");
  }

  private void read(String recording) throws IOException {
    Path trace = Files.writeString(directory.resolve("trace.txt"), TRACE);
    Files.writeString(directory.resolve("probe.txt"), recording);
    try (RigCapture capture =
        RigCapture.open(
            trace.toString(),
            InputStream.nullInputStream(),
            ReadOptions.DEFAULT,
            RigCapture.Options.DEFAULT)) {
      capture.read(this);
    }
  }

  private List<String> kinds() {
    return events.stream().map(event -> event.getClass().getSimpleName()).toList();
  }

  @Test
  void probeEvents_areMergedByStamp() throws Exception {
    read(
        probe("100.000000001", "probes: clock=mono attached=mapping_error_check")
            + check("121.595490017")
            + check("200.000000000"));

    assertThat(kinds())
        .containsExactly(
            "CaptureStart",
            "Probes",
            "DmaMap",
            "MappingErrorCheck",
            "DmaUnmap",
            "MappingErrorCheck",
            "CaptureEnd");
    assertThat(events)
        .extracting(event -> event.header().sequence())
        .containsExactly(0L, 1L, 2L, 3L, 4L, 5L, 6L);
  }

  @Test
  void theTracesEvent_comesFirst_whereRoundingMadeItLater() throws Exception {
    // 121.595487600 is printed as .595488, and what the probe saw came 200 ns behind it.
    read(check("121.595487800"));

    assertThat(events.get(1)).isInstanceOf(DmaMap.class);
    assertThat(events.get(2)).isInstanceOf(ProbeEvent.MappingErrorCheck.class);
  }

  @Test
  void places_tellTheRecordingFromTheCapture() throws Exception {
    read("# tracer: dmascope-probe\n" + check("121.595490000"));

    assertThat(events.get(2).header().place()).isEqualTo(-2);
  }

  @Test
  void anUnreadableLine_isAnIssueAndAFactMissing() throws Exception {
    read(check("121.595490000") + probe("121.595491", "mapping_error_check: device=x"));

    assertThat(issues)
        .singleElement()
        .satisfies(
            issue -> {
              assertThat(issue.kind()).isEqualTo(TraceIssue.Kind.COMPANION);
              assertThat(issue.message()).contains("line 2 of the probe recording", "lacks");
            });
    assertThat(events.get(3)).isInstanceOf(EventsLost.class);
  }

  @Test
  void aRecorderThatDrainsItsCpusInTurn_isPutInOrder() throws Exception {
    read(check("121.595600000") + check("121.595490000") + check("121.595480000"));

    assertThat(events.subList(1, events.size() - 1))
        .extracting(event -> event.header().timestampNs() / 1000)
        .containsExactly(121595480L, 121595488L, 121595490L, 121595500L, 121595600L);
  }

  @Test
  void anotherClock_leavesTheRecordingOut() throws Exception {
    Files.writeString(
        directory.resolve("manifest.json"), "{\"version\": 1, \"tracing\": {\"clock\": \"boot\"}}");

    read(
        probe("100.000000001", "probes: clock=mono attached=mapping_error_check")
            + check("121.595490000"));

    assertThat(kinds()).containsExactly("CaptureStart", "DmaMap", "DmaUnmap", "CaptureEnd");
    assertThat(issues)
        .singleElement()
        .extracting(TraceIssue::message)
        .asString()
        .contains("2 probe events have another clock");
  }

  @Test
  void whatIsNoRecording_isRefused() {
    assertThatThrownBy(() -> read("hello\n"))
        .isInstanceOf(UnusableInputException.class)
        .hasMessageContaining("probe.txt is no trace");
  }
}
