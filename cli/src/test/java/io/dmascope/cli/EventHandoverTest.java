package io.dmascope.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dmascope.model.event.EventHeader;
import io.dmascope.model.event.Marker;
import io.dmascope.model.event.TraceEvent;
import io.dmascope.model.event.TraceIssue;
import io.dmascope.producer.ingest.TraceReader;
import io.dmascope.producer.ingest.UnusableInputException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class EventHandoverTest {
  @Test
  void events_arriveInTheirOrder() throws IOException {
    List<Long> sequences = new ArrayList<>();

    handover(
            sink -> {
              for (long sequence = 0; sequence < 10_000; sequence++) {
                sink.event(marker(sequence));
              }
            })
        .forEach(event -> sequences.add(event.header().sequence()));

    assertThat(sequences).hasSize(10_000).isSorted().doesNotHaveDuplicates();
  }

  @Test
  void failureOfTheReader_comesAfterTheEventsBeforeIt() {
    List<TraceEvent> events = new ArrayList<>();
    TraceReader reader =
        sink -> {
          sink.event(marker(0));
          throw new UnusableInputException("no trace");
        };

    assertThatThrownBy(() -> handover(reader).forEach(events::add))
        .isInstanceOf(UnusableInputException.class)
        .hasMessage("no trace");
    assertThat(events).hasSize(1);
  }

  @Test
  void failureOfTheConsumer_stopsAnEndlessReader() {
    TraceReader endless =
        sink -> {
          for (long sequence = 0; ; sequence++) {
            sink.event(marker(sequence));
          }
        };

    assertThatThrownBy(
            () ->
                handover(endless)
                    .forEach(
                        _ -> {
                          throw new IllegalArgumentException("enough");
                        }))
        .hasMessage("enough");
  }

  @Test
  void issues_areToldAsTheyAreMet() throws IOException {
    List<TraceIssue> issues = new ArrayList<>();
    TraceIssue issue = new TraceIssue(TraceIssue.Kind.UNRECOGNISED_LINE, 3, "what?", "");

    new EventHandover(sink -> sink.issue(issue), issues::add).forEach(_ -> {});

    assertThat(issues).containsExactly(issue);
  }

  private static EventHandover handover(TraceReader reader) {
    return new EventHandover(reader, _ -> {});
  }

  private static TraceEvent marker(long sequence) {
    return new Marker(new EventHeader(sequence, sequence, 0, 1, "sh", sequence + 1), "");
  }
}
