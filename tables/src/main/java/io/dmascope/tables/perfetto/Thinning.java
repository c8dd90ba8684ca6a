package io.dmascope.tables.perfetto;

/**
 * Which of many things are drawn: all of the first {@value #PER_STEP}, then every other until as
 * many more are drawn, then every fourth, and so on. What is drawn grows with the logarithm of how
 * many there are, and the same are drawn each time.
 */
final class Thinning {
  static final int PER_STEP = 100_000;

  private long seen;
  private long drawnInStep;
  private long stride = 1;
  private long left;

  boolean draws() {
    if (seen++ % stride != 0) {
      left++;
      return false;
    }
    if (drawnInStep == PER_STEP) {
      drawnInStep = 0;
      stride *= 2;
    }
    drawnInStep++;
    return true;
  }

  /** How many were not drawn. */
  long left() {
    return left;
  }
}
