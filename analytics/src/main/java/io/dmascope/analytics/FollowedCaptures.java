package io.dmascope.analytics;

import io.dmascope.schemas.codec.CaptureRecord;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Chooses, at the start, which captures' history is read. The captures topic is compacted and knows
 * every capture there ever was; following them all would push out the ones that matter.
 */
final class FollowedCaptures {
  private final Map<String, List<CaptureRecord>> byLatestRecord = new LinkedHashMap<>();

  /** Takes the next record of the captures topic, in the topic's order. */
  void add(CaptureRecord capture) {
    List<CaptureRecord> said = byLatestRecord.remove(capture.captureId());
    List<CaptureRecord> all = said == null ? new ArrayList<>(2) : said;
    all.add(capture);
    byLatestRecord.put(capture.captureId(), all);
  }

  /** Returns the captures to pass over: of the ended ones, the oldest beyond the limit. */
  Set<String> passedOver(int followedMax) {
    List<String> ended =
        byLatestRecord.entrySet().stream()
            .filter(capture -> hasEnded(capture.getValue()))
            .map(Map.Entry::getKey)
            .toList();
    int running = byLatestRecord.size() - ended.size();
    int endedKept = Math.clamp(followedMax - running, 0, ended.size());
    return new HashSet<>(ended.subList(0, ended.size() - endedKept));
  }

  private static boolean hasEnded(List<CaptureRecord> said) {
    return said.stream().anyMatch(CaptureRecord.Ended.class::isInstance);
  }

  /** Everything that was said, capture by capture, the one with the latest word last. */
  Stream<CaptureRecord> records() {
    return byLatestRecord.values().stream().flatMap(List::stream);
  }
}
