package io.dmascope.model.mapping;

import io.dmascope.model.event.EventHeader;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Mappings whose address nobody gave to {@code dma_mapping_error()} yet, while a recorder watches
 * for that. Sound drivers ask at once, so that there are few.
 */
final class UncheckedMappings {
  /** Mappings remembered; the oldest goes first, and is never reported. */
  static final int REMEMBERED_MAX = 4096;

  private record Key(int device, long dmaAddr) {}

  private final Map<Key, EventHeader> made =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Key, EventHeader> eldest) {
          return size() > REMEMBERED_MAX;
        }
      };

  void made(Device device, long dmaAddr, EventHeader header) {
    made.put(new Key(device.id(), dmaAddr), header);
  }

  void checked(Device device, long dmaAddr) {
    made.remove(new Key(device.id(), dmaAddr));
  }

  /** Forgets the mapping; returns where it was made if it is still unchecked, else null. */
  EventHeader ended(Device device, long dmaAddr) {
    return made.remove(new Key(device.id(), dmaAddr));
  }

  void save(StateWriter out) {
    out.u(made.size());
    made.forEach((key, header) -> out.u(key.device).u(key.dmaAddr).header(header));
  }

  void restore(StateReader in) {
    for (int n = in.i(); n > 0; n--) {
      made.put(new Key(in.i(), in.u()), in.header());
    }
  }
}
