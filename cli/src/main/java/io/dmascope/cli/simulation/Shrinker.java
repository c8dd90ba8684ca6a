package io.dmascope.cli.simulation;

import io.dmascope.model.dma.DmaModel;
import io.dmascope.model.event.CaptureEnd;
import io.dmascope.model.event.CaptureStart;
import io.dmascope.model.event.TraceEvent;
import io.dmascope.model.finding.Violation;
import io.dmascope.producer.ingest.order.Resequencer;
import io.dmascope.producer.write.FtraceTextWriter;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Makes a failing capture short: takes pieces of events away as long as the first failure stays,
 * the large pieces first.
 */
final class Shrinker {
  private static final int REPLAYS_MAX = 1500;

  private final SimulatedCapture capture;
  private final Failure failure;
  private int replays;

  Shrinker(SimulatedCapture capture, Failure failure) {
    this.capture = capture;
    this.failure = failure;
  }

  /**
   * Writes the shortest trace found that still fails; nothing for failures that are not about a
   * finding, which only the whole seed repeats.
   */
  Optional<Path> writeTo(Path directory) {
    if (!fails(capture.recorded())) {
      return Optional.empty();
    }
    Path file = directory.resolve("simulate-%d.txt".formatted(capture.seed()));
    try (FtraceTextWriter writer =
        new FtraceTextWriter(
            new BufferedWriter(Files.newBufferedWriter(file, StandardCharsets.US_ASCII)))) {
      for (TraceEvent event : shrunk()) {
        writer.event(event);
      }
      return Optional.of(file);
    } catch (IOException e) {
      return Optional.empty(); // the failure itself is told anyway
    }
  }

  List<TraceEvent> shrunk() {
    List<TraceEvent> events = capture.recorded();
    for (int piece = events.size() / 2; piece >= 1 && replays < REPLAYS_MAX; piece /= 2) {
      for (int from = 0; from < events.size() && replays < REPLAYS_MAX; ) {
        List<TraceEvent> fewer = without(events, from, Math.min(events.size(), from + piece));
        if (fewer.size() < events.size() && fails(fewer)) {
          events = fewer;
        } else {
          from += piece;
        }
      }
    }
    return events;
  }

  private List<TraceEvent> without(List<TraceEvent> events, int from, int to) {
    List<TraceEvent> fewer = new ArrayList<>(events.size());
    for (int i = 0; i < events.size(); i++) {
      TraceEvent event = events.get(i);
      if (i < from || i >= to || isNeeded(event)) {
        fewer.add(Resequencer.moved(event, fewer.size()));
      }
    }
    return fewer;
  }

  private boolean isNeeded(TraceEvent event) {
    return event instanceof CaptureStart
        || event instanceof CaptureEnd
        || needed().contains(event.header().place());
  }

  private Set<Long> needed() {
    Set<Long> places = new TreeSet<>();
    switch (failure) {
      case Failure.Missed missed -> {
        places.addAll(missed.injected().witnesses());
        places.add(missed.injected().sequence());
      }
      case Failure.WronglySure unsure -> {
        places.addAll(unsure.injected().witnesses());
        places.add(unsure.injected().sequence());
      }
      case Failure.False wrong -> places.add(wrong.place());
      case Failure.Unfounded _,
          Failure.BrokenInvariant _,
          Failure.LostOnTheRoad _,
          Failure.Crash _ -> {}
    }
    return places;
  }

  private boolean fails(List<TraceEvent> events) {
    replays++;
    return switch (failure) {
      case Failure.Missed missed ->
          !finds(events, missed.injected().ruleId(), missed.injected().sequence(), null);
      case Failure.False wrong ->
          finds(events, wrong.violation().ruleId(), wrong.place(), wrong.violation());
      case Failure.WronglySure unsure ->
          finds(
              events, unsure.injected().ruleId(), unsure.injected().sequence(), unsure.violation());
      case Failure.Unfounded _,
          Failure.BrokenInvariant _,
          Failure.LostOnTheRoad _,
          Failure.Crash _ ->
          false;
    };
  }

  /** True where the rule is found broken at that place, as sure as {@code like} where given. */
  private static boolean finds(List<TraceEvent> events, String ruleId, long place, Violation like) {
    List<Violation> violations = new ArrayList<>();
    DmaModel model = new DmaModel();
    events.forEach(event -> model.apply(event, violations::add));
    return violations.stream()
        .anyMatch(
            violation ->
                violation.ruleId().equals(ruleId)
                    && events.get((int) violation.at().sequence()).header().place() == place
                    && (like == null || violation.confidence() == like.confidence()));
  }
}
