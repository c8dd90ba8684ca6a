package io.dmascope.model.mapping;

import io.dmascope.model.finding.MappingKind;
import java.util.HashMap;
import java.util.Map;

/* hot path */
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

  /** Objects remembered in all, about 150 MB of single mappings. */
  static final int LIVE_MAX = 1 << 21;

  /** Ranges remembered in all: a scatterlist of the older tracepoint may have thousands. */
  static final int RANGES_MAX = 1 << 23;

  /**
   * Different mappings of one device at one address: more cannot be told apart in reasonable time.
   */
  static final int SAME_START_MAX = 64;

  /** Scatterlists of one device that begin with the same page; the zero page begins many. */
  static final int SAME_FIRST_MAX = 1024;

  /**
   * Ranges of one device and size class that begin within one page, or one span of that class: only
   * wildly overlapping ones can be more.
   */
  static final int CROWD_MAX = 1024;

  private final LiveObjects objects;
  private final DeviceTable devices;
  private final int liveMax;
  private int live;
  private int ranges;

  /** The oldest of the groups that had to forget something. */
  private final Map<Integer, OldestFirst> queues = new HashMap<>();

  LiveBounds(int liveMax, LiveObjects objects, DeviceTable devices) {
    this.liveMax = liveMax;
    this.objects = objects;
    this.devices = devices;
  }

  void added(Device device, MappingKind kind, int itsRanges) {
    live++;
    ranges += itsRanges;
    if (isStreaming(kind)) {
      device.liveStreaming++;
    } else {
      device.liveOthers++;
    }
  }

  void removed(Device device, MappingKind kind, int itsRanges) {
    live--;
    ranges -= itsRanges;
    if (isStreaming(kind)) {
      device.liveStreaming--;
    } else {
      device.liveOthers--;
    }
  }

  /** True where something has to be forgotten now that the device has mapped one more. */
  boolean exceeded(Device device) {
    return live > liveMax
        || ranges > RANGES_MAX
        || (device.liveStreaming > ELIDED_MAX && device.elidesUnmaps());
  }

  /** What has to be forgotten, as {@link LiveObjects} names it. */
  int excess(Device device) {
    return device.liveStreaming > ELIDED_MAX && device.elidesUnmaps()
        ? oldest(device, true)
        : oldestOfFullest();
  }

  private int oldestOfFullest() {
    Device fullest = null;
    boolean streaming = false;
    int most = 0;
    for (int id = 0; id < devices.size(); id++) {
      Device device = devices.at(id);
      if (device.liveStreaming > most) {
        fullest = device;
        streaming = true;
        most = device.liveStreaming;
      }
      if (device.liveOthers > most) {
        fullest = device;
        streaming = false;
        most = device.liveOthers;
      }
    }
    return oldest(fullest, streaming);
  }

  private int oldest(Device device, boolean streaming) {
    int group = device.id() * 2 + (streaming ? 1 : 0);
    OldestFirst queue = queues.computeIfAbsent(group, key -> new OldestFirst(objects));
    int members = streaming ? device.liveStreaming : device.liveOthers;
    return queue.next(device.id(), streaming, members);
  }

  /** True for the mappings that a driver may leave mapped. */
  static boolean isStreaming(MappingKind kind) {
    return switch (kind) {
      case SINGLE, RESOURCE -> true;
      case SCATTER_GATHER, COHERENT, NONCOHERENT, NONCONTIGUOUS -> false;
    };
  }
}
