package io.dmascope.cli.simulation;

import io.dmascope.model.event.CaptureStart;
import io.dmascope.model.event.TraceEvent;
import io.dmascope.model.event.TraceIssue;
import io.dmascope.producer.ingest.EventSink;
import io.dmascope.producer.synthetic.CaptureSpec;
import io.dmascope.producer.synthetic.SyntheticCapture;
import io.dmascope.producer.synthetic.fault.Fault;
import io.dmascope.producer.synthetic.fault.FaultCatalogue;
import io.dmascope.producer.synthetic.fault.FaultPlan;
import io.dmascope.producer.synthetic.fault.FaultSurvey;
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
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Everything that one seed decides: a machine and its workload, what goes wrong on it, how it is
 * recorded, and which road the recording takes.
 *
 * @param events as the machine emitted them; the place of each is its number
 * @param recorded as they were recorded
 * @param truth what was done wrong
 * @param knowledge what the manifest beside it says
 */
record SimulatedCapture(
    long seed,
    CaptureSpec spec,
    RecordingFault recording,
    Road road,
    List<TraceEvent> events,
    List<TraceEvent> recorded,
    List<Injected> truth,
    Knowledge knowledge) {

  /** Kinds of faults that one capture holds at most; each seed switches most of them off. */
  private static final int FAULT_KINDS_MAX = 4;

  /** Some machines are slow, so that a short capture lasts: leaks take their time. */
  private static final int SLOW_PERCENT = 10;

  private static final int SLOW_DEPTH_MAX = 4;
  private static final long SLOW_NS = 200_000_000L;

  /** Calls that a fault may wait for. */
  private static final int FIRST_MAX = 20;

  private static final int HONEST_PERCENT = 20;
  private static final int MACHINES_TRIED_MAX = 24;

  /** Of the captures in which nothing is missing. */
  private static final int CLOCKS_APART_PERCENT = 20;

  private static final RecordingFault[] RECORDING_FAULTS = {
    RecordingFault.LOST,
    RecordingFault.TRUNCATED,
    RecordingFault.MID_LIFE,
    RecordingFault.LATE_UNMAPS
  };

  /** The capture of that seed, of a profile where one is asked for. */
  static SimulatedCapture of(long seed, Optional<Profile> only) {
    Chance chance = new Chance(seed).split("simulation");
    boolean honest = chance.percent(HONEST_PERCENT);
    List<String> rules = FaultCatalogue.rules();
    String wanted = rules.get(chance.below(rules.size()));
    CaptureSpec spec = spec(seed, only, chance);
    Map<String, List<Fault<?>>> possible = possible(spec);
    // Some rules can be broken on few machines only: look for one.
    for (int i = 0; i < MACHINES_TRIED_MAX && !honest && !possible.containsKey(wanted); i++) {
      spec = spec(seed, only, chance);
      possible = possible(spec);
    }
    List<FaultPlan.Planned> planned = honest ? List.of() : plan(possible, wanted, chance);
    List<Injected> truth = new ArrayList<>();
    FaultPlan plan = new FaultPlan(planned, chance.split("plan"), truth::add);
    List<TraceEvent> events = new ArrayList<>();
    SyntheticCapture capture = new SyntheticCapture(spec, plan);
    capture.read(into(events));
    Knowledge knowledge = Knowledge.of(capture.manifest(), chance.split("knowledge"));
    CaptureStart start = (CaptureStart) events.getFirst();
    events.set(0, new CaptureStart(start.header(), start.facts().withRig(knowledge.rig())));
    // Of half of all captures nothing is missing: what is lost proves nothing.
    RecordingFault recording =
        chance.percent(50) ? whole(chance.split("clocks")) : chance.oneOf(RECORDING_FAULTS);
    Road drawn = chance.oneOf(Road.values());
    List<TraceEvent> recorded = recording.applyTo(events, chance.split("recording"));
    Road road = drawn.canCarry(recorded) ? drawn : Road.MEMORY;
    return new SimulatedCapture(seed, spec, recording, road, events, recorded, truth, knowledge);
  }

  private static RecordingFault whole(Chance chance) {
    return chance.percent(CLOCKS_APART_PERCENT) ? RecordingFault.CLOCK_SKEW : RecordingFault.NONE;
  }

  private static CaptureSpec spec(long seed, Optional<Profile> only, Chance chance) {
    Profile profile = only.orElse(chance.oneOf(Profile.values()));
    Load usual = profile.usualLoad();
    boolean slow = chance.percent(SLOW_PERCENT);
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
        slow
            ? new Load(1 + chance.below(SLOW_DEPTH_MAX), SLOW_NS)
            : new Load(depth, usual.latencyNs()),
        Sizes.SMALL,
        slow ? chance.between(1500, 3500) : chance.between(100, 1500),
        Long.MAX_VALUE / 2);
  }

  /** The faults that the machine has room for, by the rule that they break. */
  private static Map<String, List<Fault<?>>> possible(CaptureSpec spec) {
    FaultSurvey survey = new FaultSurvey();
    new SyntheticCapture(spec, survey).read(into(new ArrayList<>()));
    return survey.possible().stream()
        .collect(Collectors.groupingBy(Fault::ruleId, TreeMap::new, Collectors.toList()));
  }

  /** The wanted rule and some others that can be broken on this machine, each in one way. */
  private static List<FaultPlan.Planned> plan(
      Map<String, List<Fault<?>>> possible, String wanted, Chance chance) {
    List<String> rules = new ArrayList<>(possible.keySet());
    List<FaultPlan.Planned> plan = new ArrayList<>();
    int kinds = 1 + chance.below(FAULT_KINDS_MAX);
    for (int i = 0; i < kinds; i++) {
      String drawn = rules.get(chance.below(rules.size()));
      String rule = i == 0 && possible.containsKey(wanted) ? wanted : drawn;
      List<Fault<?>> ways = possible.get(rule);
      plan.add(
          new FaultPlan.Planned(
              ways.get(chance.below(ways.size())),
              chance.below(FIRST_MAX),
              1 + chance.below(100),
              1 + chance.below(3)));
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
    return new SimulatedCapture(
        seed, spec, recording, road, events, recorded, otherTruth, knowledge);
  }

  /** What it is, in a line. */
  String describe() {
    return "%s on %s, %s, %d CPUs%s, manifest %s, recording %s, road %s"
        .formatted(
            spec.profile().key(),
            spec.machine().backend().name().toLowerCase(Locale.ROOT),
            spec.machine().generation().release(),
            spec.machine().cpus(),
            spec.machine().dmaDebug() ? ", dma-debug" : "",
            knowledge.describe(),
            recording.key(),
            road.key());
  }
}
