package io.dmascope.replay;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How fast recorded time goes by in a replay.
 *
 * @param factor recorded seconds in a second; infinite where nothing is waited for
 */
public record Pace(double factor) {
  public static final Pace MAX = new Pace(Double.POSITIVE_INFINITY);

  /** {@code 1x}, {@code 0.5x}, {@code 10x}. */
  private static final Pattern TIMES = Pattern.compile("(\\d{1,6}(?:\\.\\d{1,6})?)x");

  public Pace {
    if (!(factor > 0)) {
      throw new IllegalArgumentException("a pace is more than 0x [pace=%sx]".formatted(factor));
    }
  }

  /** Reads {@code max} or a number with an x. */
  public static Pace parse(String text) {
    if (text.equals("max")) {
      return MAX;
    }
    Matcher times = TIMES.matcher(text);
    if (!times.matches()) {
      throw new IllegalArgumentException(
          "a pace is max or a number of times, such as 1x or 10x [pace=%s]".formatted(text));
    }
    return new Pace(Double.parseDouble(times.group(1)));
  }

  boolean waits() {
    return factor != Double.POSITIVE_INFINITY;
  }

  /** How long a recorded time takes. */
  long replayedNs(long recordedNs) {
    return (long) (recordedNs / factor);
  }
}
