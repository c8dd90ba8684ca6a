package io.dmascope.analytics.report;

import io.dmascope.model.event.CaptureFacts;
import java.util.Locale;

/** How numbers are written in text, the same in every locale. */
public final class Numbers {
  private Numbers() {}

  /** A count with groups: {@code 111,793}. */
  public static String count(long count) {
    return String.format(Locale.ROOT, "%,d", count);
  }

  /** A count and its noun, in the plural where due. */
  public static String count(long count, String noun) {
    return count(count) + " " + noun + (count == 1 ? "" : "s");
  }

  /** A count and a noun with two endings: {@code 1 entry}, {@code 2 entries}. */
  public static String count(long count, String stem, String one, String several) {
    return count(count) + " " + stem + (count == 1 ? one : several);
  }

  /** An address as JSON and SARIF carry it. */
  public static String hex(long addr) {
    return "0x" + Long.toHexString(addr);
  }

  /** A stamp as the trace prints it: {@code 15.333807 s}, or the bare number of another clock. */
  public static String stamp(CaptureFacts facts, long timestampNs) {
    if (!facts.clockCountsTime()) {
      return Long.toUnsignedString(timestampNs);
    }
    long seconds = Long.divideUnsigned(timestampNs, 1_000_000_000);
    long ns = Long.remainderUnsigned(timestampNs, 1_000_000_000);
    return ns % 1000 == 0
        ? String.format(Locale.ROOT, "%d.%06d s", seconds, ns / 1000)
        : String.format(Locale.ROOT, "%d.%09d s", seconds, ns);
  }
}
