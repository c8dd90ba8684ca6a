package io.dmascope.analytics;

import io.dmascope.model.finding.Violation;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** The most recent findings, in the order they came. */
final class FindingLog {
  private final int sizeMax;
  private final Deque<Finding> recent = new ArrayDeque<>();
  private long lastId;

  FindingLog(int sizeMax) {
    this.sizeMax = sizeMax;
  }

  void add(String capture, Violation violation) {
    if (recent.size() == sizeMax) {
      recent.removeFirst();
    }
    recent.addLast(Finding.of(++lastId, capture, violation));
  }

  /**
   * Returns the findings with an id above {@code afterId}, oldest first; the newest {@code max}.
   */
  List<Finding> after(long afterId, int max) {
    List<Finding> newer = recent.stream().filter(finding -> finding.id() > afterId).toList();
    return newer.subList(Math.max(0, newer.size() - max), newer.size());
  }

  /** Id of the newest finding, 0 before the first: also how many there were. */
  long lastId() {
    return lastId;
  }
}
