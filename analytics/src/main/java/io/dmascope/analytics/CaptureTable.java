package io.dmascope.analytics;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The captures with a name of their own, at most {@link AnalyticsLimits#captures()}.
 *
 * <p>A lab records for weeks, so first come first named would leave nothing for today's capture. A
 * new one takes the place of the capture that has been silent longest, if that one has ended or
 * {@link #IDLE_RECORDS} records of others have passed; its series end, as those of a machine that
 * was switched off. While all are busy, the new one is counted under {@code other}.
 */
final class CaptureTable {
  /** A capture is given up without an end when this many records came and none was about it. */
  static final long IDLE_RECORDS = 100_000;

  private final AnalyticsLimits limits;
  private final PageLimits pageLimits;
  private final Map<String, CaptureAggregate> byLeastRecentUse =
      new LinkedHashMap<>(16, 0.75f, true);
  private final CaptureAggregate other;
  private boolean otherUsed;
  private long records;
  private long retired;

  CaptureTable(AnalyticsLimits limits, PageLimits pageLimits) {
    this.limits = limits;
    this.pageLimits = pageLimits;
    this.other = new CaptureAggregate(AnalyticsLimits.OTHER, limits, pageLimits);
  }

  /** Returns the aggregate that a record about this capture belongs to. */
  CaptureAggregate forRecord(String captureId) {
    records++;
    String name = AnalyticsLimits.name(captureId);
    CaptureAggregate found = byLeastRecentUse.get(name);
    CaptureAggregate capture = found != null ? found : admit(name);
    capture.touch(records);
    return capture;
  }

  private CaptureAggregate admit(String name) {
    if (byLeastRecentUse.size() >= limits.captures() && !retireOne()) {
      otherUsed = true;
      return other;
    }
    CaptureAggregate admitted = new CaptureAggregate(name, limits, pageLimits);
    byLeastRecentUse.put(name, admitted);
    return admitted;
  }

  private boolean retireOne() {
    Optional<CaptureAggregate> longestSilent =
        byLeastRecentUse.values().stream().filter(this::isRetirable).findFirst();
    longestSilent.ifPresent(capture -> byLeastRecentUse.remove(capture.label()));
    longestSilent.ifPresent(capture -> retired++);
    return longestSilent.isPresent();
  }

  private boolean isRetirable(CaptureAggregate capture) {
    return capture.ended() || records - capture.lastRecord() > IDLE_RECORDS;
  }

  /** Returns the capture with this name, without counting as a record about it. */
  Optional<CaptureAggregate> named(String name) {
    return all().stream().filter(capture -> capture.label().equals(name)).findFirst();
  }

  /** All label values, the longest silent first, {@code other} last where it is in use. */
  Collection<CaptureAggregate> all() {
    var all = new ArrayList<>(byLeastRecentUse.values());
    if (otherUsed) {
      all.add(other);
    }
    return all;
  }

  boolean isOther(CaptureAggregate capture) {
    return capture == other;
  }

  /** Records about any capture, so far. */
  long records() {
    return records;
  }

  /** Captures that gave their place to a newer one. */
  long retired() {
    return retired;
  }
}
