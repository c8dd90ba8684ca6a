package io.dmascope.schemas.codec;

import io.dmascope.schemas.RunName;
import java.util.List;
import java.util.Map;

/**
 * What the runs topic says about a run.
 *
 * @param group consumer group that holds its offsets
 * @param createdMs milliseconds since 1970
 * @param updatedMs milliseconds since 1970 of this word about it
 * @param settings what a replay was asked for, by option; empty for the live run
 * @param startOffsets of each partition of the events topic; empty for the live run
 * @param endOffsets where a replay ends, likewise
 * @param records of the events topic that are done
 * @param violations findings written
 */
public record RunRecord(
    RunName name,
    String group,
    State state,
    long createdMs,
    long updatedMs,
    Map<String, String> settings,
    List<Long> startOffsets,
    List<Long> endOffsets,
    long records,
    long events,
    long violations,
    long capturesEnded) {

  /** How far a run has come. */
  public enum State {
    RUNNING,
    STOPPED,
    DONE,
    FAILED
  }

  public RunRecord {
    settings = Map.copyOf(settings);
    startOffsets = List.copyOf(startOffsets);
    endOffsets = List.copyOf(endOffsets);
  }

  /** A run of which nothing is done yet. */
  public static RunRecord begun(
      RunName name,
      String group,
      long nowMs,
      Map<String, String> settings,
      List<Long> startOffsets,
      List<Long> endOffsets) {
    return new RunRecord(
        name, group, State.RUNNING, nowMs, nowMs, settings, startOffsets, endOffsets, 0, 0, 0, 0);
  }

  /** Records of the events topic that a replay has to do in all. */
  public long totalRecords() {
    long total = 0;
    for (int i = 0; i < endOffsets.size(); i++) {
      total += endOffsets.get(i) - startOffsets.get(i);
    }
    return total;
  }

  /** The same run, further on. */
  public RunRecord at(
      State newState,
      long nowMs,
      long newRecords,
      long newEvents,
      long newViolations,
      long newCapturesEnded) {
    return new RunRecord(
        name,
        group,
        newState,
        createdMs,
        nowMs,
        settings,
        startOffsets,
        endOffsets,
        newRecords,
        newEvents,
        newViolations,
        newCapturesEnded);
  }

  /**
   * What changes all the time, as the metadata of the run's offsets: it is committed with them, and
   * no open transaction of one run is in the way of who asks for another.
   */
  public String progressText() {
    return "%d %d %d %d %d".formatted(records, events, violations, capturesEnded, updatedMs);
  }

  /** The same run as far as {@link #progressText} says it is; unchanged where it says nothing. */
  public RunRecord withProgress(String text) {
    if (!text.matches("\\d{1,18}( \\d{1,18}){4}")) {
      return this;
    }
    String[] numbers = text.split(" ");
    return at(
        state,
        Math.max(updatedMs, Long.parseLong(numbers[4])),
        Long.parseLong(numbers[0]),
        Long.parseLong(numbers[1]),
        Long.parseLong(numbers[2]),
        Long.parseLong(numbers[3]));
  }

  /** The same run in another state. */
  public RunRecord in(State newState, long nowMs) {
    return at(newState, nowMs, records, events, violations, capturesEnded);
  }
}
