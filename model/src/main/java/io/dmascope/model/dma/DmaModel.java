package io.dmascope.model.dma;

import io.dmascope.model.event.CaptureEnd;
import io.dmascope.model.event.CaptureStart;
import io.dmascope.model.event.DmaDirection;
import io.dmascope.model.event.EventHeader;
import io.dmascope.model.event.IoPageFault;
import io.dmascope.model.event.TraceEvent;
import io.dmascope.model.fault.FaultExplainer;
import io.dmascope.model.fault.FaultExplanation;
import io.dmascope.model.fault.FaultSurroundings;
import io.dmascope.model.finding.EventRef;
import io.dmascope.model.finding.LiveSite;
import io.dmascope.model.finding.ModelOutput;
import io.dmascope.model.finding.RelatedEvent;
import io.dmascope.model.finding.Severity;
import io.dmascope.model.finding.Verdict;
import io.dmascope.model.finding.Violation;
import io.dmascope.model.mapping.CaptureReplay;
import io.dmascope.model.mapping.CaptureState;
import io.dmascope.model.mapping.Device;
import io.dmascope.model.mapping.LiveMappings;
import io.dmascope.model.mapping.Premise;
import io.dmascope.model.mapping.StateReader;
import io.dmascope.model.mapping.StateWriter;
import io.dmascope.model.mapping.Transition;
import io.dmascope.model.rig.RigManifest;
import io.dmascope.model.rule.Findings;
import io.dmascope.model.rule.Rule;
import io.dmascope.model.rule.RuleCatalogue;
import io.dmascope.model.rule.RuleSet;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/* hot path */
/**
 * The DMA state of one capture: apply its events in {@code sequence} order and it reports what they
 * break.
 *
 * <p>Owned by one thread. The state can be stored piecewise ({@link #saveChanges}) and brought back
 * ({@link #restore}, then {@link #restored}) so that the verdicts after a restart equal those
 * without one.
 */
public final class DmaModel {
  /** Event time between two summaries of a device. */
  static final long SUMMARY_INTERVAL_NS = 1_000_000_000L;

  /**
   * Version of the form in which {@link #saveChanges} stores the state. Who finds another one makes
   * the model from the events again. To be raised whenever StateVersionTest says so.
   */
  public static final int STATE_VERSION = 2;

  /** Table of everything but the objects, cut into pages of {@link #CORE_PAGE_BYTES}. */
  private static final int CORE = 0;

  /** Small enough for a record of any broker; many held-back findings make many pages. */
  static final int CORE_PAGE_BYTES = 64 << 10;

  private static final int LISTS = 1;

  /** Table of what is known of the machine, cut likewise; written once. */
  private static final int RIG = 2;

  private static final int SINGLES = 3;
  private static final int TASKS = 4;

  private final CaptureState state = new CaptureState();
  private final HoldBack holdBack = new HoldBack();
  private final CaptureReplay replay =
      new CaptureReplay(state, this::judge, lifecycle -> out().lifecycle(lifecycle));
  private final Reporter reporter = new Reporter();
  private RuleSet rules = RuleSet.of(RigManifest.UNKNOWN);
  private long lastSequence = -1;
  private boolean ended;
  private boolean changed;
  private ModelOutput out;
  private int corePages;
  private boolean rigSaved;

  /** Pages being restored, by table and number; the latest image of each counts. */
  private final List<Map<Integer, byte[]>> pages =
      Stream.generate(() -> (Map<Integer, byte[]>) new TreeMap<Integer, byte[]>())
          .limit(TASKS + 1)
          .toList();

  /**
   * Applies one event; events at or before {@link #lastSequence} are repetitions and change
   * nothing.
   */
  public void apply(TraceEvent event, ModelOutput output) {
    EventHeader header = event.header();
    if (header.sequence() <= lastSequence || ended) {
      return;
    }
    lastSequence = header.sequence();
    changed = true;
    out = output;
    if (event instanceof CaptureStart start) {
      rules = RuleSet.of(start.facts().rig());
    }
    Device device = replay.apply(event);
    state.sampleGrowth(header.timestampNs());
    state.order().settle(header.timestampNs());
    holdBack.release(state, header.timestampNs(), output::violation);
    if (device != null && state.summaryDue(device, SUMMARY_INTERVAL_NS)) {
      output.summary(state.summary(device, header));
    }
    if (event instanceof CaptureEnd) {
      end(header);
    }
    out = null;
  }

  private void end(EventHeader header) {
    ended = true;
    holdBack.releaseAll(state, out::violation);
    for (int id = 0; id < state.devices().size(); id++) {
      out.summary(state.summary(state.devices().at(id), header));
    }
    out.coverage(RuleCatalogue.coverage(state));
  }

  private void judge(Transition transition) {
    reporter.transition = transition;
    rules.judge(transition, reporter);
  }

  private ModelOutput out() {
    return out;
  }

  /** Turns what a rule reports into a violation of the transition at hand. */
  private final class Reporter implements Findings {
    private Transition transition;

    @Override
    public void report(
        Rule rule, Severity severity, Verdict verdict, String message, List<RelatedEvent> related) {
      Transition t = transition;
      if (t.device() != null && t.device().isNameless()) {
        return; // who it is about cannot be said: several devices may have had no name yet
      }
      String device = t.device() == null ? "" : t.device().name();
      state.countViolation(device);
      state.order().found(t);
      holdBack.add(
          new Violation(
              RuleCatalogue.infoOf(rule).id(),
              severity,
              verdict,
              device,
              t.dmaAddr(),
              t.sizeBytes(),
              t.direction() == null ? DmaDirection.UNKNOWN : t.direction(),
              EventRef.of(t.header()),
              message,
              related));
    }

    @Override
    public Verdict weigh(List<Premise> premises) {
      return state.weighing().verdict(premises);
    }
  }

  /** The sequence of the last applied event, or -1. */
  public long lastSequence() {
    return lastSequence;
  }

  /** True after the capture's last event: nothing will change any more. */
  public boolean ended() {
    return ended;
  }

  /** Everything that is mapped now. */
  public LiveMappings liveMappings() {
    return state.mappings();
  }

  /** What is live now, by site. */
  public List<LiveSite> liveSites() {
    return state.liveSites();
  }

  /** The devices that have appeared so far, in order of appearance. */
  public List<String> deviceNames() {
    return IntStream.range(0, state.devices().size())
        .mapToObj(id -> state.devices().at(id).name())
        .toList();
  }

  /**
   * Explains an access to an address as it would be a fault now: an IOMMU fault of the capture just
   * applied, or one that somebody asks about. Its header says when "now" is.
   */
  public FaultExplanation explain(IoPageFault fault) {
    return FaultExplainer.explain(fault, replay.lookUp(fault));
  }

  /** What lies around the address of such an access now. */
  public FaultSurroundings surroundings(IoPageFault fault) {
    return FaultExplainer.surroundings(replay.lookUp(fault));
  }

  /** Hands every piece that changed since the last call to {@code sink}. */
  public void saveChanges(StateSink sink) {
    if (!changed) {
      return;
    }
    changed = false;
    if (!rigSaved && state.rigKnown()) {
      rigSaved = true;
      putPages(RIG, state.saveRig(), sink);
    }
    StateWriter writer = new StateWriter().s(lastSequence).flag(ended);
    state.saveCore(writer);
    holdBack.save(writer);
    saveCore(writer.toBytes(), sink);
    state.tasks().saveTasks((page, image) -> sink.put(TASKS, page, image));
    state.mappings().saveLists((page, image) -> sink.put(LISTS, page, image));
    state.mappings().saveSingles((page, image) -> sink.put(SINGLES, page, image));
  }

  private void saveCore(byte[] bytes, StateSink sink) {
    int count = putPages(CORE, bytes, sink);
    for (int page = count; page < corePages; page++) {
      sink.put(CORE, page, null);
    }
    corePages = count;
  }

  /** Returns how many pages there were. */
  private static int putPages(int table, byte[] bytes, StateSink sink) {
    int count = 0;
    for (int from = 0; from < bytes.length; from += CORE_PAGE_BYTES) {
      int to = Math.min(bytes.length, from + CORE_PAGE_BYTES);
      sink.put(table, count++, Arrays.copyOfRange(bytes, from, to));
    }
    return count;
  }

  /** Brings one stored piece back; pieces may come in any order, before any {@link #apply}. */
  public void restore(int table, int page, byte[] image) {
    if (table < 0 || table >= pages.size()) {
      throw new IllegalStateException("unknown table of state [table=" + table + "]");
    }
    if (image == null) {
      pages.get(table).remove(page);
    } else {
      pages.get(table).put(page, image);
    }
  }

  /** Ends the restoration: indexes are rebuilt and {@link #apply} may be called. */
  public void restored() {
    if (pages.get(CORE).isEmpty()) {
      return;
    }
    corePages = pages.get(CORE).size();
    if (!pages.get(RIG).isEmpty()) {
      rigSaved = true;
      state.restoreRig(joined(pages.get(RIG)));
      rules = RuleSet.of(state.facts().rig());
    }
    StateReader in = new StateReader(joined(pages.get(CORE)));
    lastSequence = in.s();
    ended = in.flag();
    state.restoreCore(in);
    holdBack.restore(in);
    pages.get(TASKS).forEach(state.tasks()::restoreTasks);
    pages.get(LISTS).forEach(state.mappings()::restoreLists);
    pages.get(SINGLES).forEach(state.mappings()::restoreSingles);
    state.restored();
    pages.forEach(Map::clear);
  }

  private static byte[] joined(Map<Integer, byte[]> pages) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    pages.values().forEach(bytes::writeBytes);
    return bytes.toByteArray();
  }
}
