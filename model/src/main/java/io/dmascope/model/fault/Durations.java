package io.dmascope.model.fault;

import java.util.Locale;

/** Spans of event time in words, the same in every locale. */
public final class Durations {
  private static final long MS = 1_000_000;
  private static final long SECOND = 1_000 * MS;

  private Durations() {}

  /** For example {@code 0.398 ms}, {@code 102.120 ms}; {@code 12.345 s} from one second on. */
  public static String toText(long ns) {
    return Math.abs(ns) < SECOND ? millis(ns) : thousandths(ns, SECOND, "s");
  }

  /** Always in one unit, for messages that are grouped by their words: {@code 1107.620 ms}. */
  public static String millis(long ns) {
    return thousandths(ns, MS, "ms");
  }

  private static String thousandths(long ns, long unit, String name) {
    return String.format(
        Locale.ROOT,
        "%s%d.%03d %s",
        ns < 0 ? "-" : "",
        Math.abs(ns / unit),
        Math.abs(ns / (unit / 1_000) % 1_000),
        name);
  }
}
