package io.dmascope.model.mapping;

import java.util.BitSet;
import java.util.function.IntFunction;

/** Which pages of a table changed since they were stored, and which are stored. */
final class PageSet {
  private final BitSet dirty = new BitSet();
  private final BitSet stored = new BitSet();

  void changed(int page) {
    dirty.set(page);
  }

  /** Notes a page that came from the store. */
  void restored(int page) {
    stored.set(page);
  }

  /**
   * Hands out every page that changed since the last call; null for a stored one that became empty.
   *
   * @param encode gives a page's bytes, or null where it is empty
   */
  void saveChanges(IntFunction<byte[]> encode, CaptureState.PageSink sink) {
    for (int page = dirty.nextSetBit(0); page >= 0; page = dirty.nextSetBit(page + 1)) {
      byte[] image = encode.apply(page);
      if (image != null) {
        stored.set(page);
        sink.page(page, image);
      } else if (stored.get(page)) {
        stored.clear(page);
        sink.page(page, null);
      }
    }
    dirty.clear();
  }
}
