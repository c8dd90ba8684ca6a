package io.dmascope.tables.perfetto;

import java.util.Map;
import java.util.TreeMap;

/**
 * Tracks of one name on which slices do not overlap: slices of one track must nest, and mappings do
 * not. The interface draws tracks of one name under one parent as one.
 */
final class Lanes {
  /** More lie on top of each other than a picture has lines for. */
  static final int LANES_MAX = 1_000;

  private final TreeMap<Long, Long> trackByEnd = new TreeMap<>();
  private int lanes;

  /** Returns the track that is free from then on, or 0 where none is. */
  long take(long startNs) {
    Map.Entry<Long, Long> free = trackByEnd.floorEntry(startNs);
    if (free == null) {
      return 0;
    }
    trackByEnd.remove(free.getKey());
    return free.getValue();
  }

  boolean canGrow() {
    return lanes < LANES_MAX;
  }

  void grow() {
    lanes++;
  }

  /** Says that a track is taken until then. */
  void give(long endNs, long track) {
    long key = endNs;
    while (trackByEnd.putIfAbsent(key, track) != null) {
      key++; // two end at once: the later nanosecond hurts neither
    }
  }
}
