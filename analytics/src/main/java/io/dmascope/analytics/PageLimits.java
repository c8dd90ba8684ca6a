package io.dmascope.analytics;

/**
 * What the page keeps of each capture, beside the aggregates that {@link AnalyticsLimits} bounds.
 *
 * @param mappings ended mappings for the address map; of more, every second, fourth ... is kept
 * @param causes findings by cause; beyond it they are grouped by rule, and none is lost
 */
public record PageLimits(int mappings, int causes) {
  /** 1.2 MB a capture where every mapping fits its place, some 60 MB for fifty captures. */
  public static final PageLimits LIVE = new PageLimits(16_384, 1_000);

  /** One file for a mail: some 3 MB where both limits are reached. */
  public static final PageLimits REPORT = new PageLimits(65_536, 10_000);

  public PageLimits {
    if (mappings < 1 || causes < 1) {
      throw new IllegalArgumentException(
          "limits must be at least 1 [mappings=%d] [causes=%d]".formatted(mappings, causes));
    }
  }
}
