package io.dmascope.producer.ingest.open;

import static org.assertj.core.api.Assertions.assertThat;

import io.dmascope.model.event.CaptureStart;
import io.dmascope.model.event.TraceEvent;
import io.dmascope.model.event.TraceIssue;
import io.dmascope.producer.ingest.EventSink;
import io.dmascope.producer.ingest.ReadOptions;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A binary recording is opened wherever its bytes come from. */
class CapturesTraceDatTest {
  private static final Path GOLDEN = Path.of("../golden/misuse-strict-612");
  private static final int EVENTS = 1184;

  @Test
  void open_recognisesTheFile() throws IOException {
    List<TraceEvent> events =
        read(GOLDEN.resolve("trace.dat").toString(), InputStream.nullInputStream());
    assertThat(events).hasSize(EVENTS);
    assertThat(((CaptureStart) events.getFirst()).facts().captureId()).isEqualTo("trace.dat");
  }

  @Test
  void open_decompressesTheFile() throws IOException {
    assertThat(read(GOLDEN.resolve("trace.v6.dat.zst").toString(), InputStream.nullInputStream()))
        .hasSize(EVENTS);
  }

  @Test
  void open_readsStandardInput() throws IOException {
    try (InputStream input = Files.newInputStream(GOLDEN.resolve("trace.dat"))) {
      List<TraceEvent> events = read("-", input);
      assertThat(events).hasSize(EVENTS);
      assertThat(((CaptureStart) events.getFirst()).facts().file()).isEqualTo("-");
    }
  }

  private static List<TraceEvent> read(String name, InputStream standardInput) throws IOException {
    List<TraceEvent> events = new ArrayList<>();
    try (Capture capture = Captures.open(name, standardInput, ReadOptions.DEFAULT)) {
      assertThat(capture.format()).isEqualTo(TraceFormat.TRACE_DAT);
      capture.read(
          new EventSink() {
            @Override
            public void event(TraceEvent event) {
              events.add(event);
            }

            @Override
            public void issue(TraceIssue issue) {
              throw new AssertionError(issue);
            }
          });
    }
    return events;
  }
}
