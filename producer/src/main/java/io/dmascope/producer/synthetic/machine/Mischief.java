package io.dmascope.producer.synthetic.machine;

import io.dmascope.model.event.DmaDirection;
import io.dmascope.model.event.MapApi;
import io.dmascope.model.scatterlist.PhysList;

/**
 * What makes drivers and kernel misbehave: asked at every call that could be done wrong. Each
 * answer is true where the call was replaced, so that the machine leaves it alone.
 */
public interface Mischief {

  /** Before a driver maps a page. Returns what it got instead, or null for an honest mapping. */
  Single insteadOfMap(
      Context at,
      DmaDevice device,
      MapApi api,
      long physAddr,
      long sizeBytes,
      DmaDirection direction,
      long attrs);

  /** After a mapping was made. */
  void mapped(Context at, Single single);

  boolean insteadOfUnmap(Context at, Single single);

  /** Before a driver maps a list. Returns what it got instead, or null for an honest mapping. */
  SgMapping insteadOfMapSg(
      Context at, DmaDevice device, PhysList list, DmaDirection direction, long attrs);

  /** After a list was mapped. */
  void mapped(Context at, SgMapping list);

  boolean insteadOfUnmap(Context at, SgMapping list);

  boolean insteadOfFree(Context at, Coherent buffer);

  /** After memory was linked to a range of addresses. */
  void linked(Context at, LinkedRange range);

  /** After a dma-buf was mapped for an importer. */
  void imported(Context at, Attachment attachment);

  /**
   * After a dma-buf was detached.
   *
   * @param detachedAt sequence of the event that told of it
   */
  void detached(Context at, Attachment attachment, long detachedAt);

  /**
   * The capture ends.
   *
   * @param sequence of its last event
   * @param fromNs when recording began
   * @param toNs when it ended
   */
  void ended(long sequence, long fromNs, long toNs);

  /** Before a driver lets go of its device. */
  void unbinding(Context at, DmaDevice device);
}
