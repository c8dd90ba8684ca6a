package io.dmascope.model.mapping;

import io.dmascope.model.event.DmaBufEvent;
import io.dmascope.model.event.EventHeader;
import java.util.LinkedHashMap;
import java.util.Map;

/** Live dma-buf attachments, and the ones detached last. */
final class Attachments {
  /** Attachments remembered; a driver that attaches without end is itself a leak. */
  static final int REMEMBERED_MAX = 4096;

  private record Key(long inode, long attachment, String device) {}

  private final Map<Key, EventHeader> live = bounded();
  private final Map<Key, EventHeader> detached = bounded();

  void attach(DmaBufEvent event) {
    detached.remove(key(event));
    live.put(key(event), event.header());
  }

  /** Ends an attachment; false where none was live. */
  boolean detach(DmaBufEvent event) {
    boolean known = live.remove(key(event)) != null;
    if (known) {
      detached.put(key(event), event.header());
    }
    return known;
  }

  /** The earlier detach of the same attachment, or null. */
  EventHeader detachedBefore(DmaBufEvent event) {
    return detached.get(key(event));
  }

  private static Key key(DmaBufEvent event) {
    return new Key(event.inode(), event.attachment(), event.device());
  }

  private static Map<Key, EventHeader> bounded() {
    return new LinkedHashMap<>() {
      private static final long serialVersionUID = 1L;

      @Override
      protected boolean removeEldestEntry(Map.Entry<Key, EventHeader> eldest) {
        return size() > REMEMBERED_MAX;
      }
    };
  }

  void save(StateWriter out) {
    save(out, live);
    save(out, detached);
  }

  void restore(StateReader in) {
    restore(in, live);
    restore(in, detached);
  }

  private static void save(StateWriter out, Map<Key, EventHeader> map) {
    out.u(map.size());
    map.forEach((k, header) -> out.u(k.inode).u(k.attachment).text(k.device).header(header));
  }

  private static void restore(StateReader in, Map<Key, EventHeader> map) {
    for (int n = in.i(); n > 0; n--) {
      map.put(new Key(in.u(), in.u(), in.text()), in.header());
    }
  }
}
