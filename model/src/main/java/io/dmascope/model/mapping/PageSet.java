package io.dmascope.model.mapping;

import java.util.BitSet;
import java.util.function.IntFunction;

/**
 * Which pages of a table changed since they were stored, and which are stored.
 *
 * <p>Until something has been stored every page has changed, so that whoever never stores anything
 * pays for no more than the number of pages.
 */
final class PageSet {
  private final BitSet dirty = new BitSet();
  private final BitSet stored = new BitSet();
  private boolean storing;
  private int pages;

  void changed(int page) {
    if (storing) {
      dirty.set(page);
    } else if (page >= pages) {
      pages = page + 1;
    }
  }

  /** Notes a page that came from the store. */
  void restored(int page) {
    storing = true;
    stored.set(page);
  }

  /**
   * Hands out every page that changed since the last call; null for a stored one that became empty.
   *
   * @param encode gives a page's bytes, or null where it is empty
   */
  void saveChanges(IntFunction<byte[]> encode, CaptureState.PageSink sink) {
    if (!storing) {
      storing = true;
      dirty.set(0, pages);
    }
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
