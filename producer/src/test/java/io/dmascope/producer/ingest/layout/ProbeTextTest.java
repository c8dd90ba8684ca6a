package io.dmascope.producer.ingest.layout;

import static org.assertj.core.api.Assertions.assertThat;

import io.dmascope.model.event.EventHeader;
import io.dmascope.model.event.EventsLost;
import io.dmascope.model.event.ProbeEvent;
import io.dmascope.model.event.ProbeShape;
import io.dmascope.model.event.TraceEvent;
import io.dmascope.model.event.TraceIssue;
import io.dmascope.model.event.U64List;
import io.dmascope.producer.ingest.EventSink;
import io.dmascope.producer.ingest.ReadOptions;
import io.dmascope.producer.ingest.TracefsPrinter;
import io.dmascope.producer.ingest.open.Capture;
import io.dmascope.producer.ingest.open.Captures;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Probe events are lines of a trace like any other. */
final class ProbeTextTest {
  private static final String CONTEXT = "            perf-4711    [003] .....  1010.000002: ";
  private static final String BINDING =
      CONTEXT + "dmascope_driver_binding: device=0000:03:00.0 driver=mlx5_core bound=1";

  /** What a reader makes of a text. */
  private record Reading(List<TraceEvent> events, List<TraceIssue> issues) implements EventSink {
    static Reading of(String text) throws IOException {
      Reading reading = new Reading(new ArrayList<>(), new ArrayList<>());
      byte[] bytes = (text + "\n").getBytes(StandardCharsets.UTF_8);
      try (Capture capture =
          Captures.open("-", new ByteArrayInputStream(bytes), ReadOptions.DEFAULT)) {
        capture.read(reading);
      }
      return reading;
    }

    /** Without the capture's start and end. */
    List<TraceEvent> between() {
      return events.subList(1, events.size() - 1);
    }

    @Override
    public void event(TraceEvent event) {
      events.add(event);
    }

    @Override
    public void issue(TraceIssue issue) {
      issues.add(issue);
    }
  }

  static List<ProbeShape> shapes() {
    return ProbeShape.all();
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void everyKind_isReadAsPrinted(ProbeShape shape) throws Exception {
    EventHeader header = new EventHeader(1, 1_010_000_002_000L, 3, 4711, "perf", 1);
    Object[] values =
        shape.fields().stream()
            .map(
                field ->
                    switch (field.form()) {
                      case TEXT -> "a b";
                      case LIST -> U64List.of(0x1000, -1L);
                      case NUMBER -> (Object) Long.valueOf(-1);
                      case INT -> (Object) Long.valueOf(-12);
                      case FLAG -> (Object) 1L;
                      case CONSTANT -> (Object) Long.valueOf(field.constants().size() - 1);
                    })
            .toArray();
    ProbeEvent event = shape.event(header, values);

    Reading reading = Reading.of(new TracefsPrinter().line(event));

    assertThat(reading.issues).isEmpty();
    assertThat(reading.between()).containsExactly(event);
  }

  @Test
  void labels_mayStandInAnyOrder_andUnknownOnesArePassedOver() throws Exception {
    String line =
        CONTEXT + "dmascope_driver_binding: bound=1 depth=0x7 driver=mlx5_core device=0000:03:00.0";

    assertThat(Reading.of(line).between())
        .singleElement()
        .isInstanceOfSatisfying(
            ProbeEvent.DriverBinding.class,
            binding -> {
              assertThat(binding.device()).isEqualTo("0000:03:00.0");
              assertThat(binding.driver()).isEqualTo("mlx5_core");
              assertThat(binding.bound()).isTrue();
            });
  }

  @Test
  void stamps_ofNineDigits_keepTheirNanoseconds() throws Exception {
    String line = BINDING.replace("1010.000002", "1010.000002017");

    assertThat(Reading.of(line).between().getFirst().header().timestampNs())
        .isEqualTo(1_010_000_002_017L);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "device=0000:03:00.0 driver=mlx5_core",
        "device=0000:03:00.0 driver=mlx5_core bound=7",
        "device=0000:03:00.0 driver=mlx5_core bound=yes",
        "device=0000:03:00.0 driver=mlx5_core bound=1 bound=1",
        "stray device=0000:03:00.0 driver=mlx5_core bound=1",
      })
  void aLineThatIsNoEvent_isAnIssueAndAFactMissing(String text) throws Exception {
    Reading reading = Reading.of(BINDING + "\n" + CONTEXT + "dmascope_driver_binding: " + text);

    assertThat(reading.issues)
        .singleElement()
        .extracting(TraceIssue::kind, TraceIssue::place)
        .containsExactly(TraceIssue.Kind.MALFORMED_EVENT, 2L);
    assertThat(reading.between().getLast()).isInstanceOf(EventsLost.class);
  }

  @Test
  void listsOfDifferentSizes_areAnIssue() throws Exception {
    Reading reading =
        Reading.of(
            BINDING
                + "\n"
                + CONTEXT
                + "dmascope_page_array: device=x max_entries=1 dma_addrs={0x1000} lengths={}");

    assertThat(reading.issues)
        .singleElement()
        .extracting(TraceIssue::message)
        .asString()
        .contains("differ in size");
  }

  @Test
  void aProbeEventOfAnUnknownKind_isNoneOfOurs() throws Exception {
    Reading reading = Reading.of(BINDING + "\n" + CONTEXT + "dmascope_novelty: device=x");

    assertThat(reading.issues).isEmpty();
    assertThat(reading.between()).hasSize(1);
  }

  @Test
  void aCutLine_isAnIssue() throws Exception {
    byte[] bytes = (BINDING + "\n" + BINDING).getBytes(StandardCharsets.UTF_8);
    Reading reading = new Reading(new ArrayList<>(), new ArrayList<>());
    try (Capture capture =
        Captures.open(
            "-", new ByteArrayInputStream(bytes, 0, bytes.length - 5), ReadOptions.DEFAULT)) {
      capture.read(reading);
    }

    assertThat(reading.issues)
        .extracting(TraceIssue::kind)
        .containsExactly(TraceIssue.Kind.TRUNCATED_INPUT);
  }
}
