package io.dmascope.producer.write;

import static org.assertj.core.api.Assertions.assertThat;

import io.dmascope.model.event.CaptureStart;
import io.dmascope.model.event.EventHeader;
import io.dmascope.model.event.TraceEvent;
import io.dmascope.model.event.TraceIssue;
import io.dmascope.producer.ingest.EventSink;
import io.dmascope.producer.ingest.ReadOptions;
import io.dmascope.producer.ingest.open.Capture;
import io.dmascope.producer.ingest.open.Captures;
import io.dmascope.producer.synthetic.CaptureSpec;
import io.dmascope.producer.synthetic.SyntheticCapture;
import io.dmascope.producer.synthetic.machine.Backend;
import io.dmascope.producer.synthetic.machine.Generation;
import io.dmascope.producer.synthetic.machine.Machine;
import io.dmascope.producer.synthetic.profile.Profile;
import io.dmascope.producer.synthetic.profile.Sizes;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class FtraceTextWriterTest {
  private static final class Kept implements EventSink {
    final List<TraceEvent> events = new ArrayList<>();
    final List<TraceIssue> issues = new ArrayList<>();

    @Override
    public void event(TraceEvent event) {
      events.add(event);
    }

    @Override
    public void issue(TraceIssue issue) {
      issues.add(issue);
    }
  }

  @ParameterizedTest
  @EnumSource(Profile.class)
  void whatWasWritten_readsBackEqual(Profile profile) throws IOException {
    for (Backend backend : Backend.values()) {
      for (Generation generation : Generation.values()) {
        Kept made = new Kept();
        capture(profile, backend, generation).read(made);
        StringWriter text = new StringWriter();
        try (FtraceTextWriter writer = new FtraceTextWriter(text)) {
          for (TraceEvent event : made.events) {
            writer.event(event);
          }
        }
        Kept read = read(text.toString());
        assertThat(read.issues).isEmpty();
        assertThat(asText(read.events)).isEqualTo(asText(made.events));
        assertThat(((CaptureStart) read.events.getFirst()).facts().kernelRelease())
            .isEqualTo(generation.release());
      }
    }
  }

  private static SyntheticCapture capture(Profile profile, Backend backend, Generation generation) {
    return new SyntheticCapture(
        new CaptureSpec(
            "capture",
            3,
            new Machine.Spec(generation, backend, 2, true, true),
            profile,
            profile.usualLoad(),
            Sizes.SMALL,
            600,
            Long.MAX_VALUE / 2));
  }

  private static Kept read(String text) throws IOException {
    Kept kept = new Kept();
    ByteArrayInputStream bytes = new ByteArrayInputStream(text.getBytes(StandardCharsets.US_ASCII));
    try (Capture capture = Captures.open("-", bytes, ReadOptions.DEFAULT)) {
      capture.read(kept);
    }
    return kept;
  }

  /**
   * Without start and end, which tell of the source, and with stamps and places as text has them.
   */
  private static List<String> asText(List<TraceEvent> events) {
    return events.subList(1, events.size() - 1).stream()
        .map(
            event -> {
              EventHeader header = event.header();
              long us = (header.timestampNs() + 500) / 1000;
              return event
                  .toString()
                  .replace(header.toString(), "")
                  .concat(
                      " %d %d %d %d %s"
                          .formatted(
                              header.sequence(), us, header.cpu(), header.pid(), header.comm()));
            })
        .toList();
  }
}
