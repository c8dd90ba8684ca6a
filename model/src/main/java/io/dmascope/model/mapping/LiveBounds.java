package io.dmascope.model.mapping;

import java.util.ArrayList;
import java.util.List;

/**
 * Says which live mapping has to be forgotten so that a recording of any length fits into memory.
 *
 * <p>What a driver maps and never unmaps is live for ever: for a leak that is the truth, for a
 * driver that may leave out unmaps it is not, and a recording without unmaps is full of it. What is
 * forgotten is always what was mapped longest ago, so that a restart changes nothing.
 */
final class LiveBounds {
  /**
   * Streaming mappings remembered of a device whose driver leaves out unmaps; more than the deepest
   * queues hold at once.
   */
  static final int ELIDED_MAX = 65_536;

  /** Objects remembered in all, about 500 MB of them. */
  static final int LIVE_MAX = 1 << 21;

  /**
   * Different mappings of one device at one address: more cannot be told apart in reasonable time.
   */
  static final int SAME_START_MAX = 64;

  /** Scatterlists of one device that begin with the same page; the zero page begins many. */
  static final int SAME_FIRST_MAX = 1024;

  /** Streaming mappings by device: those that a driver may leave mapped. */
  private final List<AgeList> streaming = new ArrayList<>();

  /** Scatterlists and allocations by device. */
  private final List<AgeList> others = new ArrayList<>();

  private final int liveMax;
  private int live;

  LiveBounds(int liveMax) {
    this.liveMax = liveMax;
  }

  void added(MappedObject object) {
    ages(object).addNewest(object);
    live++;
  }

  void mappedAgain(MappedObject object) {
    ages(object).makeNewest(object);
  }

  void removed(MappedObject object) {
    ages(object).remove(object);
    live--;
  }

  /** What has to be forgotten now that the device has mapped one more, or null while all fits. */
  MappedObject excess(Device device) {
    AgeList aged = of(streaming, device);
    if (device.elidesUnmaps() && aged.size() > ELIDED_MAX) {
      return aged.oldest();
    }
    return live > liveMax ? fullest().oldest() : null;
  }

  private AgeList fullest() {
    AgeList fullest = new AgeList();
    for (int id = 0; id < Math.max(streaming.size(), others.size()); id++) {
      fullest = fuller(fullest, streaming, id);
      fullest = fuller(fullest, others, id);
    }
    return fullest;
  }

  private static AgeList fuller(AgeList fullest, List<AgeList> lists, int id) {
    return id < lists.size() && lists.get(id).size() > fullest.size() ? lists.get(id) : fullest;
  }

  private AgeList ages(MappedObject object) {
    return of(isStreaming(object) ? streaming : others, object.device());
  }

  private static boolean isStreaming(MappedObject object) {
    return switch (object.kind()) {
      case SINGLE, RESOURCE -> true;
      case SCATTER_GATHER, COHERENT, NONCOHERENT, NONCONTIGUOUS -> false;
    };
  }

  private static AgeList of(List<AgeList> lists, Device device) {
    while (lists.size() <= device.id()) {
      lists.add(new AgeList());
    }
    return lists.get(device.id());
  }
}
