package io.dmascope.analytics;

import java.util.Arrays;

/**
 * Values over event time in a fixed number of points. When the points are used up every second one
 * goes and the spacing doubles, so the whole capture stays visible at an even resolution.
 *
 * <p>Each point holds the values as they were at its time: levels or cumulative counts, never
 * differences, so that leaving points out loses detail and nothing else.
 */
final class Timeline {
  private final long[] timestampsNs;
  private final long[][] columns;
  private int size;
  private long spacingNs;

  Timeline(int pointsMax, int columnCount) {
    int capacity = Math.max(4, pointsMax);
    timestampsNs = new long[capacity];
    columns = new long[columnCount][capacity];
  }

  /**
   * Adds a point, or moves the last one forward while that is nearer to its neighbour than the
   * spacing.
   */
  void add(long timestampNs, long... values) {
    if (size > 0 && timestampNs < timestampsNs[size - 1]) {
      return; // CPUs interleave: the values belong to a moment that is already drawn
    }
    int point = lastIsProvisional() || isSameInstant(timestampNs) ? size - 1 : size++;
    timestampsNs[point] = timestampNs;
    for (int column = 0; column < columns.length; column++) {
      columns[column][point] = values[column];
    }
    if (size == timestampsNs.length) {
      thinOut();
    }
  }

  /**
   * Adds a point of a count that only grows. One of the past, as partitions read in turn bring
   * them, is put where it belongs, unless one stands near or the count does not fit there.
   */
  void addCount(long timestampNs, long count) {
    if (size == 0 || timestampNs >= timestampsNs[size - 1]) {
      add(timestampNs, count);
    } else {
      insert(timestampNs, count);
    }
  }

  private void insert(long timestampNs, long count) {
    int found = Arrays.binarySearch(timestampsNs, 0, size, timestampNs);
    int at = -found - 1;
    if (found >= 0 || !fits(at, timestampNs, count)) {
      return;
    }
    long[] counts = columns[0];
    System.arraycopy(timestampsNs, at, timestampsNs, at + 1, size - at);
    System.arraycopy(counts, at, counts, at + 1, size - at);
    timestampsNs[at] = timestampNs;
    counts[at] = count;
    size++;
    if (size == timestampsNs.length) {
      thinOut();
    }
  }

  private boolean fits(int at, long timestampNs, long count) {
    long[] counts = columns[0];
    boolean beforeNext = timestampsNs[at] - timestampNs >= spacingNs && count <= counts[at];
    boolean afterPrevious =
        at == 0 || (timestampNs - timestampsNs[at - 1] >= spacingNs && counts[at - 1] <= count);
    return beforeNext && afterPrevious;
  }

  private boolean lastIsProvisional() {
    return size >= 2 && timestampsNs[size - 1] - timestampsNs[size - 2] < spacingNs;
  }

  private boolean isSameInstant(long timestampNs) {
    return size > 0 && timestampNs == timestampsNs[size - 1];
  }

  private void thinOut() {
    long span = timestampsNs[size - 1] - timestampsNs[0];
    int kept = 0;
    for (int i = 0; i < size; i += 2) {
      keep(i, kept++);
    }
    if (size % 2 == 0) {
      keep(size - 1, kept++); // the newest point is the present and stays
    }
    spacingNs = 2 * span / size;
    size = kept;
  }

  private void keep(int from, int to) {
    timestampsNs[to] = timestampsNs[from];
    for (long[] column : columns) {
      column[to] = column[from];
    }
  }

  long[] timestampsNs() {
    return Arrays.copyOf(timestampsNs, size);
  }

  long[] column(int column) {
    return Arrays.copyOf(columns[column], size);
  }
}
