package io.dmascope.tables;

/**
 * What one site did in one window of event time.
 *
 * <p>Not to be changed once its window is closed.
 */
public final class Aggregate {
  private final Site site;
  private final String driver;
  private final long windowStartNs;
  private final long windowNs;
  private final long[] values = new long[Measure.values().length];
  private final Spread lifetimesNs = new Spread();
  private final Spread sizesBytes = new Spread();

  Aggregate(Site site, String driver, long windowStartNs, long windowNs, Live live) {
    this.site = site;
    this.driver = driver;
    this.windowStartNs = windowStartNs;
    this.windowNs = windowNs;
    values[Measure.LIVE_MAPPINGS_MIN.ordinal()] = live.mappings;
    values[Measure.LIVE_BYTES_MIN.ordinal()] = live.bytes;
    live(live);
  }

  public Site site() {
    return site;
  }

  /** Driver of the device, from the rig's manifest; empty where unknown. */
  public String driver() {
    return driver;
  }

  /** First nanosecond of the window, by the capture's clock. */
  public long windowStartNs() {
    return windowStartNs;
  }

  /** The window's length; 0 where the clock counts no time and all is one window. */
  public long windowNs() {
    return windowNs;
  }

  public long value(Measure measure) {
    return values[measure.ordinal()];
  }

  /** How long mappings lived that ended in the window. */
  public Spread lifetimesNs() {
    return lifetimesNs;
  }

  /** Sizes of the mappings made in the window. */
  public Spread sizesBytes() {
    return sizesBytes;
  }

  void add(Measure measure, long amount) {
    values[measure.ordinal()] += amount;
  }

  /** Takes over how much is live now. */
  void live(Live live) {
    least(Measure.LIVE_MAPPINGS_MIN, live.mappings);
    most(Measure.LIVE_MAPPINGS_MAX, live.mappings);
    values[Measure.LIVE_MAPPINGS_LAST.ordinal()] = live.mappings;
    least(Measure.LIVE_BYTES_MIN, live.bytes);
    most(Measure.LIVE_BYTES_MAX, live.bytes);
    values[Measure.LIVE_BYTES_LAST.ordinal()] = live.bytes;
  }

  private void least(Measure measure, long value) {
    values[measure.ordinal()] = Math.min(values[measure.ordinal()], value);
  }

  private void most(Measure measure, long value) {
    values[measure.ordinal()] = Math.max(values[measure.ordinal()], value);
  }

  /** How much of a site is live. */
  static final class Live {
    long mappings;
    long bytes;
  }
}
