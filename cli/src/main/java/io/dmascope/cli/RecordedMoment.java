package io.dmascope.cli;

import io.dmascope.model.event.CaptureFacts;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/** A moment of a recording, as somebody names it. */
sealed interface RecordedMoment {
  /** Seconds with up to nine decimals, as traces print them. */
  Pattern SECONDS = Pattern.compile("\\d{1,9}(\\.\\d{1,9})?");

  /**
   * Returns the moment by the capture's trace clock, in nanoseconds; nothing where nobody knows.
   *
   * @param firstTimestampNs of the capture's first event
   */
  OptionalLong in(CaptureFacts facts, long firstTimestampNs);

  /** Seconds of the trace clock. */
  record Stamp(long ns) implements RecordedMoment {
    @Override
    public OptionalLong in(CaptureFacts facts, long firstTimestampNs) {
      return OptionalLong.of(ns);
    }
  }

  /** Seconds after the capture's first event. */
  record AfterStart(long ns) implements RecordedMoment {
    @Override
    public OptionalLong in(CaptureFacts facts, long firstTimestampNs) {
      return OptionalLong.of(firstTimestampNs + ns);
    }
  }

  /** The time of day, which only a manifest can relate to the trace clock. */
  record TimeOfDay(Instant instant) implements RecordedMoment {
    @Override
    public OptionalLong in(CaptureFacts facts, long firstTimestampNs) {
      return facts
          .rig()
          .clock()
          .filter(pair -> pair.traceClock().equals(facts.clock()))
          .map(pair -> OptionalLong.of(pair.traceNs() + (wallNs() - pair.wallNs())))
          .orElse(OptionalLong.empty());
    }

    private long wallNs() {
      return instant.getEpochSecond() * 1_000_000_000L + instant.getNano();
    }
  }

  /** Reads {@code 12.5}, {@code +12.5} or {@code 2026-11-30T12:00:00Z}. */
  static RecordedMoment parse(String option, String text) {
    String seconds = text.startsWith("+") ? text.substring(1) : text;
    if (SECONDS.matcher(seconds).matches()) {
      long ns = new BigDecimal(seconds).movePointRight(9).longValueExact();
      return text.startsWith("+") ? new AfterStart(ns) : new Stamp(ns);
    }
    try {
      return new TimeOfDay(Instant.parse(text));
    } catch (DateTimeException e) {
      throw new CommandException(
          option
              + " takes seconds of the trace clock (12.5), seconds after the first event (+12.5) or"
              + " a time of day (2026-11-30T12:00:00Z), not "
              + text,
          e);
    }
  }
}
