package io.dmascope.replay;

import java.util.concurrent.atomic.LongAdder;

/** The counters of one engine, shared by its threads. */
final class ReplayCounters implements ReplayMetrics {
  final LongAdder events = new LongAdder();
  final LongAdder records = new LongAdder();
  final LongAdder bytes = new LongAdder();
  final LongAdder repeatedEvents = new LongAdder();
  final LongAdder missingEvents = new LongAdder();
  final LongAdder quarantined = new LongAdder();
  final LongAdder violations = new LongAdder();
  final LongAdder mappings = new LongAdder();
  final LongAdder capturesEnded = new LongAdder();
  final LongAdder capturesGivenUp = new LongAdder();
  final LongAdder capturesOpen = new LongAdder();
  final LongAdder changelogRecords = new LongAdder();
  final LongAdder changelogBytes = new LongAdder();

  @Override
  public long events() {
    return events.sum();
  }

  @Override
  public long records() {
    return records.sum();
  }

  @Override
  public long bytes() {
    return bytes.sum();
  }

  @Override
  public long repeatedEvents() {
    return repeatedEvents.sum();
  }

  @Override
  public long missingEvents() {
    return missingEvents.sum();
  }

  @Override
  public long quarantined() {
    return quarantined.sum();
  }

  @Override
  public long violations() {
    return violations.sum();
  }

  @Override
  public long mappings() {
    return mappings.sum();
  }

  @Override
  public long capturesEnded() {
    return capturesEnded.sum();
  }

  @Override
  public long capturesGivenUp() {
    return capturesGivenUp.sum();
  }

  @Override
  public long capturesOpen() {
    return capturesOpen.sum();
  }

  @Override
  public long changelogRecords() {
    return changelogRecords.sum();
  }

  @Override
  public long changelogBytes() {
    return changelogBytes.sum();
  }
}
