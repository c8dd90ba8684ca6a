package io.dmascope.analytics;

/**
 * What bounds the memory of the aggregates and the number of series that Prometheus sees. Names
 * come from traces, so nothing else would bound them.
 *
 * @param captures captures with a name of their own; see {@link CaptureTable} for what gives way
 * @param devicesPerCapture devices with a name of their own in each capture, first come first
 *     named; the others are counted together as {@link #OTHER}
 * @param findingSeriesPerCapture distinct (device, rule, severity, confidence) of a capture; what
 *     comes later is counted under device and rule {@link #OTHER}
 * @param timelinePoints points of a chart over event time; a longer capture gets coarser points
 */
public record AnalyticsLimits(
    int captures, int devicesPerCapture, int findingSeriesPerCapture, int timelinePoints) {

  /** The label value that stands for everything beyond a limit. */
  public static final String OTHER = "other";

  /**
   * With every limit reached: 35 MB of heap, 154,000 series and 12 MB a scrape, which one small
   * Prometheus carries.
   */
  public static final AnalyticsLimits DEFAULT = new AnalyticsLimits(50, 64, 1000, 240);

  /** Longest name or sentence that is kept; what is longer is cut and ends in an ellipsis. */
  static final int NAME_CHARS_MAX = 128;

  static final int SENTENCE_CHARS_MAX = 2000;

  public AnalyticsLimits {
    requirePositive("captures", captures);
    requirePositive("devicesPerCapture", devicesPerCapture);
    requirePositive("findingSeriesPerCapture", findingSeriesPerCapture);
    requirePositive("timelinePoints", timelinePoints);
  }

  private static void requirePositive(String name, int value) {
    if (value < 1) {
      throw new IllegalArgumentException(name + " must be at least 1 [value=" + value + "]");
    }
  }

  static String name(String text) {
    return cut(text, NAME_CHARS_MAX);
  }

  static String sentence(String text) {
    return cut(text, SENTENCE_CHARS_MAX);
  }

  private static String cut(String text, int charsMax) {
    return text.length() <= charsMax ? text : text.substring(0, charsMax - 1) + "…";
  }
}
