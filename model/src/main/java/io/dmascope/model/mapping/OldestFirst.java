package io.dmascope.model.mapping;

import java.util.Arrays;
import java.util.Comparator;

/**
 * Live objects of one device in the order in which they were mapped last, oldest first.
 *
 * <p>Few captures ever have to forget anything, so that nothing is kept in order while there is
 * room. When something must go, one look at all of them finds the oldest eighth; whoever of these
 * was mapped again or ended meanwhile is passed over when its turn comes.
 */
final class OldestFirst {
  private static final int SHARE = 8;

  private record Aged(int name, long sequence) {}

  private final LiveObjects objects;
  private Aged[] oldest = {};
  private int next;

  OldestFirst(LiveObjects objects) {
    this.objects = objects;
  }

  /** The oldest of the device's live objects, of which there are {@code members}. */
  int next(int device, boolean streaming, int members) {
    while (true) {
      while (next < oldest.length) {
        Aged aged = oldest[next++];
        if (objects.lastSequence(aged.name) == aged.sequence) {
          return aged.name;
        }
      }
      gather(device, streaming, members);
    }
  }

  private void gather(int device, boolean streaming, int members) {
    Aged[] all = new Aged[members];
    int[] count = {0};
    objects.visit(device, streaming, (name, seq) -> all[count[0]++] = new Aged(name, seq));
    if (count[0] == 0) {
      throw new IllegalStateException("no live object to forget [device=" + device + "]");
    }
    Arrays.sort(all, Comparator.comparingLong(Aged::sequence));
    oldest = Arrays.copyOf(all, all.length / SHARE + 1);
    next = 0;
  }
}
