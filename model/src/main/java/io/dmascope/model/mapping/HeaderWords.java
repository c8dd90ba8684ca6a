package io.dmascope.model.mapping;

import io.dmascope.model.event.EventHeader;

/* hot path */
/**
 * An event header as three words and a pid, for those who keep many: the timestamp; the origin,
 * which is sequence 44 | CPU + 1 13; and place 48 | number of the task's name 16.
 */
final class HeaderWords {
  static final int CPU_BITS = 13;

  private static final int NAME_BITS = 16;
  private static final int SEQUENCE_BITS = 44;
  private static final int PLACE_BITS = 48;
  private static final int CPU_MASK = (1 << CPU_BITS) - 1;

  private HeaderWords() {}

  /** True where the header can be kept in words; every header of a sane recording can. */
  static boolean fits(EventHeader header) {
    return (header.sequence() >>> SEQUENCE_BITS | header.place() >>> PLACE_BITS) == 0
        && header.cpu() >= EventHeader.UNKNOWN
        && header.cpu() < CPU_MASK;
  }

  static long origin(EventHeader header) {
    return header.sequence() << CPU_BITS | header.cpu() + 1;
  }

  static long sequence(long origin) {
    return origin >>> CPU_BITS;
  }

  static long place(EventHeader header, int name) {
    return header.place() << NAME_BITS | name;
  }

  static EventHeader header(long timestampNs, long origin, long place, int pid, String name) {
    return new EventHeader(
        origin >>> CPU_BITS,
        timestampNs,
        (int) (origin & CPU_MASK) - 1,
        pid,
        name,
        place >>> NAME_BITS);
  }
}
