package io.dmascope.cli.simulation;

import io.dmascope.model.dma.DmaModel;
import io.dmascope.model.event.TraceEvent;
import io.dmascope.model.finding.DeviceSummary;
import io.dmascope.model.finding.ModelOutput;
import io.dmascope.model.finding.RuleCoverage;
import io.dmascope.model.finding.Violation;
import io.dmascope.producer.synthetic.machine.Chance;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Replays a capture twice at once: without a break, and stored and brought back now and then. What
 * must hold after every event has a name in {@link Invariant}.
 */
final class Replay {
  /** Between two restarts, on average. */
  private static final int EVENTS_A_LIFE = 150;

  private record Page(int table, int number) implements Comparable<Page> {
    @Override
    public int compareTo(Page other) {
      return table != other.table
          ? Integer.compare(table, other.table)
          : Integer.compare(number, other.number);
    }
  }

  private static final class Kept implements ModelOutput {
    final List<Violation> violations = new ArrayList<>();
    final List<DeviceSummary> summaries = new ArrayList<>();
    RuleCoverage coverage;

    @Override
    public void violation(Violation violation) {
      violations.add(violation);
    }

    @Override
    public void coverage(RuleCoverage told) {
      coverage = told;
    }

    @Override
    public void summary(DeviceSummary summary) {
      summaries.add(summary);
    }
  }

  private final Chance chance;
  private final Map<Page, byte[]> store = new TreeMap<>();
  private final Kept unbroken = new Kept();
  private final Kept restarted = new Kept();
  private final DmaModel model = new DmaModel();
  private DmaModel restartedModel = new DmaModel();

  /**
   * @param chance when the second model is restarted
   */
  Replay(Chance chance) {
    this.chance = chance;
  }

  /** Which rules the capture was held to, once it was replayed. */
  RuleCoverage coverage() {
    return unbroken.coverage;
  }

  /**
   * The violations of a whole capture.
   *
   * @param broken told of every invariant that does not hold
   */
  List<Violation> run(List<TraceEvent> events, List<Failure> broken) {
    LiveTwin twin = new LiveTwin();
    for (TraceEvent event : events) {
      model.apply(event, unbroken);
      restartedModel.apply(event, restarted);
      twin.apply(event);
      long sequence = event.header().sequence();
      hold(Invariant.SEQUENCE_MONOTONIC, model.lastSequence() == sequence, event, broken);
      if (twin.knows()) {
        hold(Invariant.TWIN_AGREES, twin.live() == liveCount(model), event, broken);
      }
      if (chance.oneIn(EVENTS_A_LIFE)) {
        restart(event, broken);
      }
      if (!broken.isEmpty()) {
        return unbroken.violations;
      }
    }
    TraceEvent last = events.getLast();
    for (DeviceSummary summary : unbroken.summaries) {
      hold(
          Invariant.LIVE_IS_MAPS_LESS_UNMAPS,
          summary.liveMappings() == summary.maps() - summary.unmaps(),
          last,
          broken);
    }
    hold(
        Invariant.RESTART_CHANGES_NOTHING,
        restarted.violations.equals(unbroken.violations)
            && restarted.summaries.equals(unbroken.summaries),
        last,
        broken);
    return unbroken.violations;
  }

  private static long liveCount(DmaModel model) {
    return model.liveMappings().ranges().live().size();
  }

  private void restart(TraceEvent at, List<Failure> broken) {
    restartedModel.saveChanges(
        (table, page, image) -> {
          if (image == null) {
            store.remove(new Page(table, page));
          } else {
            store.put(new Page(table, page), image);
          }
        });
    restartedModel = new DmaModel();
    store.forEach((page, image) -> restartedModel.restore(page.table, page.number, image));
    restartedModel.restored();
    hold(
        Invariant.STORE_VIEW_IS_MODEL_VIEW,
        liveCount(restartedModel) == liveCount(model)
            && restartedModel.lastSequence() == model.lastSequence(),
        at,
        broken);
  }

  private static void hold(
      Invariant invariant, boolean holds, TraceEvent at, List<Failure> broken) {
    if (!holds) {
      broken.add(new Failure.BrokenInvariant(invariant, at.header().sequence()));
    }
  }
}
