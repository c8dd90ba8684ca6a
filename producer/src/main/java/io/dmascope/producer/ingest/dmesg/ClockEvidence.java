package io.dmascope.producer.ingest.dmesg;

import io.dmascope.model.event.CaptureStart;
import io.dmascope.model.event.IoPageFault;
import io.dmascope.model.event.IommuGroupChange;
import io.dmascope.model.event.Marker;
import io.dmascope.model.event.TraceEvent;
import io.dmascope.model.event.TraceIssue;
import io.dmascope.producer.ingest.EventSink;
import io.dmascope.producer.ingest.dmesg.DmesgLog.Landmark;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Collects from a capture the moments that also left a line in the kernel log: a text that somebody
 * wrote to both, and devices joining their IOMMU groups at boot. A moment counts only where it is
 * found exactly once on each side.
 */
final class ClockEvidence implements EventSink {
  private static final int MOMENTS_MAX = 100_000;

  /** A shorter text is likely to stand in both by accident. */
  private static final int TEXT_CHARS_MIN = 6;

  // pci 0000:00:01.0: Adding to iommu group 1        (drivers/iommu/iommu.c iommu_group_add_device)
  private static final Pattern GROUP_LINE =
      Pattern.compile("\\S+ (\\S+): Adding to iommu group (\\d+)");

  /** Says that a text or group change came more than once. */
  private static final Long AMBIGUOUS = Long.MIN_VALUE;

  private final Map<String, Long> moments = new HashMap<>();
  private final Set<String> devicesWithFaultEvents = new HashSet<>();
  private boolean clockCountsTime = true;

  @Override
  public void event(TraceEvent event) {
    if (event instanceof CaptureStart start) {
      clockCountsTime = start.facts().clockCountsTime();
    } else if (event instanceof Marker marker) {
      add(marker.text().strip(), marker.header().timestampNs());
    } else if (event instanceof IommuGroupChange change && change.added()) {
      add(groupKey(change.groupId(), change.device()), change.header().timestampNs());
    } else if (event instanceof IoPageFault fault) {
      devicesWithFaultEvents.add(fault.device());
    }
  }

  @Override
  public void issue(TraceIssue issue) {
    // The reading that follows this one reports it.
  }

  /** Whether the trace has the faults of this device itself, and so more of them than the log. */
  boolean hasFaultEvents(String device) {
    return devicesWithFaultEvents.contains(device);
  }

  /** Whether stamps of the trace are nanoseconds at all. */
  boolean clockCountsTime() {
    return clockCountsTime;
  }

  ClockJoin join(DmesgLog log) {
    if (!clockCountsTime) {
      return ClockJoin.UNKNOWN;
    }
    Map<String, Long> logMoments = new HashMap<>();
    for (Landmark landmark : log.landmarks()) {
      addLogMoment(logMoments, landmark);
    }
    long[] differences =
        logMoments.entrySet().stream()
            .filter(moment -> !moment.getValue().equals(AMBIGUOUS))
            .map(moment -> difference(moments.get(moment.getKey()), moment.getValue()))
            .filter(Objects::nonNull)
            .mapToLong(Long::longValue)
            .toArray();
    return ClockJoin.of(differences);
  }

  private static Long difference(Long traceNs, long logNs) {
    return traceNs == null || traceNs.equals(AMBIGUOUS) ? null : traceNs - logNs;
  }

  /** A line may have a prefix that the marker lacks: {@code myscript: phase 2}. */
  private void addLogMoment(Map<String, Long> logMoments, Landmark landmark) {
    Matcher group = GROUP_LINE.matcher(landmark.text());
    String whole =
        group.matches()
            ? groupKey(Integer.parseInt(group.group(2)), group.group(1))
            : landmark.text().strip();
    int colon = whole.indexOf(": ");
    String key = moments.containsKey(whole) || colon < 0 ? whole : whole.substring(colon + 2);
    if (moments.containsKey(key)) {
      logMoments.merge(key, landmark.stampNs(), (first, second) -> AMBIGUOUS);
    }
  }

  private void add(String key, long timestampNs) {
    if (key.length() >= TEXT_CHARS_MIN && moments.size() < MOMENTS_MAX) {
      moments.merge(key, timestampNs, (first, second) -> AMBIGUOUS);
    }
  }

  private static String groupKey(int groupId, String device) {
    return "add " + device + " to group " + groupId;
  }
}
