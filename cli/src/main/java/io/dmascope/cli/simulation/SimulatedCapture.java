package io.dmascope.cli.simulation;

import io.dmascope.model.event.TraceEvent;
import io.dmascope.model.event.TraceIssue;
import io.dmascope.producer.ingest.EventSink;
import io.dmascope.producer.synthetic.CaptureSpec;
import io.dmascope.producer.synthetic.SyntheticCapture;
import io.dmascope.producer.synthetic.fault.Fault;
import io.dmascope.producer.synthetic.fault.FaultCatalogue;
import io.dmascope.producer.synthetic.fault.FaultPlan;
import io.dmascope.producer.synthetic.fault.Injected;
import io.dmascope.producer.synthetic.machine.Backend;
import io.dmascope.producer.synthetic.machine.Chance;
import io.dmascope.producer.synthetic.machine.Generation;
import io.dmascope.producer.synthetic.machine.Machine;
import io.dmascope.producer.synthetic.profile.Load;
import io.dmascope.producer.synthetic.profile.Profile;
import io.dmascope.producer.synthetic.profile.Sizes;
import io.dmascope.producer.synthetic.recording.RecordingFault;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Everything that one seed decides: a machine and its workload, what goes wrong on it, how it is
 * recorded, and which road the recording takes.
 *
 * @param events as the machine emitted them; the place of each is its number
 * @param recorded as they were recorded
 * @param truth what was done wrong
 */
record SimulatedCapture(
    long seed,
    CaptureSpec spec,
    RecordingFault recording,
    Road road,
    List<TraceEvent> events,
    List<TraceEvent> recorded,
    List<Injected> truth) {

  /** Kinds of faults that one capture holds at most; each seed switches most of them off. */
  private static final int FAULT_KINDS_MAX = 4;

  /**
   * Clocks apart are left out: nothing in a capture tells that they are, so that events in the
   * wrong order look like what drivers do wrong. Recordings want a clock that all CPUs share.
   */
  private static final RecordingFault[] RECORDING_FAULTS = {
    RecordingFault.LOST,
    RecordingFault.TRUNCATED,
    RecordingFault.MID_LIFE,
    RecordingFault.LATE_UNMAPS
  };

  /** The capture of that seed, of a profile where one is asked for. */
  static SimulatedCapture of(long seed, Optional<Profile> only) {
    Chance chance = new Chance(seed).split("simulation");
    CaptureSpec spec = spec(seed, only, chance);
    List<Injected> truth = new ArrayList<>();
    FaultPlan plan = new FaultPlan(plan(chance), chance.split("plan"), truth::add);
    List<TraceEvent> events = new ArrayList<>();
    new SyntheticCapture(spec, plan).read(into(events));
    // Half of all captures are recorded well: what is lost proves nothing.
    RecordingFault recording =
        chance.percent(50) ? RecordingFault.NONE : chance.oneOf(RECORDING_FAULTS);
    Road drawn = chance.oneOf(Road.values());
    List<TraceEvent> recorded = recording.applyTo(events, chance.split("recording"));
    Road road = drawn.canCarry(recorded) ? drawn : Road.MEMORY;
    return new SimulatedCapture(seed, spec, recording, road, events, recorded, truth);
  }

  private static CaptureSpec spec(long seed, Optional<Profile> only, Chance chance) {
    Profile profile = only.orElse(chance.oneOf(Profile.values()));
    Load usual = profile.usualLoad();
    int depth = 1 + chance.below(Math.min(32, usual.queueDepth()));
    return new CaptureSpec(
        "seed-" + seed,
        seed,
        new Machine.Spec(
            chance.oneOf(Generation.values()),
            chance.oneOf(Backend.values()),
            1 + chance.below(8),
            chance.percent(30),
            chance.percent(40)),
        profile,
        new Load(depth, usual.latencyNs()),
        Sizes.SMALL,
        chance.between(100, 1500),
        Long.MAX_VALUE / 2);
  }

  private static List<FaultPlan.Planned> plan(Chance chance) {
    List<FaultPlan.Planned> plan = new ArrayList<>();
    if (chance.percent(20)) {
      return plan; // an honest machine
    }
    int kinds = 1 + chance.below(FAULT_KINDS_MAX);
    List<Fault<?>> faults = FaultCatalogue.faults();
    for (int i = 0; i < kinds; i++) {
      Fault<?> fault = faults.get(chance.below(faults.size()));
      plan.add(
          new FaultPlan.Planned(
              fault, chance.below(60), 1 + chance.below(100), 1 + chance.below(3)));
    }
    return plan;
  }

  private static EventSink into(List<TraceEvent> events) {
    return new EventSink() {
      @Override
      public void event(TraceEvent event) {
        events.add(event);
      }

      @Override
      public void issue(TraceIssue issue) {
        throw new IllegalStateException("a made-up capture has no issues: " + issue.message());
      }
    };
  }

  /** The same with other truth: what a checker that can fail must notice. */
  SimulatedCapture withTruth(List<Injected> otherTruth) {
    return new SimulatedCapture(seed, spec, recording, road, events, recorded, otherTruth);
  }

  /** What it is, in a line. */
  String describe() {
    return "%s on %s, %s, %d CPUs%s, recording %s, road %s"
        .formatted(
            spec.profile().key(),
            spec.machine().backend().name().toLowerCase(Locale.ROOT),
            spec.machine().generation().release(),
            spec.machine().cpus(),
            spec.machine().dmaDebug() ? ", dma-debug" : "",
            recording.key(),
            road.key());
  }
}
