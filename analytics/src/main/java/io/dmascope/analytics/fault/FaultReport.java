package io.dmascope.analytics.fault;

import io.dmascope.model.event.CaptureFacts;
import io.dmascope.model.event.IoPageFault;
import io.dmascope.model.fault.FaultExplanation;
import io.dmascope.model.fault.FaultSurroundings;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Gathers the explained faults of one capture, those with one explanation together. A storm of
 * faults stays a few groups; past {@link #GROUPS_MAX} the grouping gets coarser, never the count.
 */
public final class FaultReport {
  static final int GROUPS_MAX = 1_000;

  /** Faults at what was never mapped belong together within such a stretch of addresses. */
  private static final int STRETCH_SHIFT = 21;

  private final boolean each;
  private final Map<Object, FaultGroup> groups = new LinkedHashMap<>();
  private CaptureFacts facts = new CaptureFacts("", "", "", "", "", false);
  private long faults;

  /**
   * @param each true to keep every fault apart
   */
  public FaultReport(boolean each) {
    this.each = each;
  }

  /** Tells what the capture is. */
  public void facts(CaptureFacts facts) {
    this.facts = facts;
  }

  public CaptureFacts facts() {
    return facts;
  }

  /** Adds a fault; {@code surroundings} is asked only where the fault is shown. */
  public void add(FaultExplanation explanation, Supplier<FaultSurroundings> surroundings) {
    faults++;
    Object key = each ? (Object) faults : Key.of(explanation);
    if (groups.size() >= GROUPS_MAX && !groups.containsKey(key)) {
      key = Key.coarse(explanation);
    }
    FaultGroup group = groups.get(key);
    if (group != null) {
      groups.put(key, group.and(explanation));
      return;
    }
    long iova = explanation.fault().iova();
    groups.put(
        key, new FaultGroup(explanation, surroundings.get(), 1, explanation.at(), iova, iova));
  }

  /** The groups in the order of their first fault. */
  public List<FaultGroup> groups() {
    return new ArrayList<>(groups.values());
  }

  /** How many faults there were. */
  public long faults() {
    return faults;
  }

  private record Key(String device, String kind, String access, long cause) {
    static Key of(FaultExplanation e) {
      IoPageFault fault = e.fault();
      long cause =
          e.cause()
              .map(piece -> piece.mapped().sequence())
              .orElseGet(() -> -1 - (fault.iova() >>> STRETCH_SHIFT));
      return new Key(fault.device(), e.kind().name(), Access.of(fault).name(), cause);
    }

    static Key coarse(FaultExplanation e) {
      return new Key(e.fault().device(), e.kind().name(), "", Long.MIN_VALUE);
    }
  }
}
