package io.dmascope.producer.ingest.tracedat;

import io.dmascope.model.event.EventsLost;
import io.dmascope.model.event.TraceIssue;
import io.dmascope.model.event.TraceIssue.Kind;
import io.dmascope.producer.ingest.order.TimedStream;
import java.nio.ByteOrder;
import java.util.function.Consumer;

/* hot path */
/**
 * The records of one CPU, in the order in which it wrote them.
 *
 * <pre>
 *   page    u64 stamp of the page | long commit (bytes used, missed-events flags) | records
 *   record  u32: 5 bits type_len, 27 bits time delta | payload
 *
 *   type_len  0       u32 length of itself and the payload, payload
 *             1..28   payload of that many words
 *             29      padding: the rest of the page, or as many bytes as the next u32 says
 *             30      time extend: the next u32 is the upper part of the delta
 *             31      time stamp: the next u32 and the delta make an absolute stamp of 59 bits
 * </pre>
 *
 * <p>(include/linux/ring_buffer.h, kernel/trace/ring_buffer.c rb_update_read_stamp(),
 * rb_check_buffer().) Nothing a page claims is believed beyond the page's end.
 */
final class CpuStream implements TimedStream {
  private static final int RECORD_PADDING = 29;
  private static final int RECORD_TIME_EXTEND = 30;
  private static final int RECORD_TIME_STAMP = 31;
  private static final int DELTA_BITS = 27;
  private static final int DELTA_MASK = (1 << DELTA_BITS) - 1;

  /** RB_MISSED_EVENTS and RB_MISSED_STORED in a page's commit. */
  private static final int MISSED_EVENTS = 1 << 31;

  private static final int MISSED_STORED = 1 << 30;
  private static final int COMMIT_MASK = (1 << DELTA_BITS) - 1;

  /** TS_MSB: an absolute stamp lacks the five upper bits. */
  private static final long STAMP_MSB = 0xf8L << 56;

  private final int cpu;
  private final int instance;
  private final PageSource pages;
  private final int pageSize;
  private final HeaderPage layout;
  private final BytesInOrder values;
  private final Consumer<TraceIssue> issues;

  private byte[] bytes = new byte[0];
  private int bytesSize;
  private long bytesPlace;
  private int nextPage;
  private int position;
  private int end;

  private long stamp;
  private int payloadStart;
  private int payloadSize;
  private int recordStart;

  private long overrun;
  private boolean unreadable;

  CpuStream(
      int cpu,
      int instance,
      PageSource pages,
      int pageSize,
      HeaderPage layout,
      ByteOrder order,
      Consumer<TraceIssue> issues) {
    this.cpu = cpu;
    this.instance = instance;
    this.pages = pages;
    this.pageSize = pageSize;
    this.layout = layout;
    this.values = new BytesInOrder(order);
    this.issues = issues;
  }

  int cpu() {
    return cpu;
  }

  /** Position of the buffer instance among the file's. */
  int instance() {
    return instance;
  }

  @Override
  public long stamp() {
    return stamp;
  }

  /** Where the current record stands. */
  long place() {
    return bytesPlace + recordStart;
  }

  void payload(Payload to) {
    to.moveTo(bytes, payloadStart, payloadSize);
  }

  /**
   * How many events the kernel says it lost since the record before: 0 for none, {@link
   * EventsLost#COUNT_UNKNOWN} where it did not say how many. Asking takes the note away.
   */
  long takeOverrun() {
    long taken = overrun;
    overrun = 0;
    return taken;
  }

  /** True where records stood here that could not be read. Asking takes the note away. */
  boolean takeUnreadable() {
    boolean taken = unreadable;
    unreadable = false;
    return taken;
  }

  @Override
  public boolean advance() {
    while (true) {
      if (end - position < 4) {
        if (!loadPage()) {
          return false;
        }
        continue;
      }
      int head = u32(position);
      boolean bigEndian = values.bigEndian();
      int type = bigEndian ? head >>> DELTA_BITS : head & 31;
      int delta = bigEndian ? head & DELTA_MASK : head >>> 5;
      if (type > 0 && type < RECORD_PADDING) {
        if (take(position + 4, type * 4, delta)) {
          return true;
        }
      } else if (advanceOther(type, delta)) {
        return true;
      }
    }
  }

  /** Handles what is not a plain short record; true where it was a record with a payload. */
  private boolean advanceOther(int type, int delta) {
    if (type == RECORD_PADDING && delta == 0) {
      position = end;
      return false;
    }
    if (end - position < 8) {
      damaged("a record is cut off by the end of its page");
      return false;
    }
    int next = u32(position + 4);
    switch (type) {
      case 0 -> {
        if (next < 4) {
          damaged("a record claims to be shorter than its own length field");
          return false;
        }
        return take(position + 8, next - 4, delta);
      }
      case RECORD_PADDING -> {
        if (next < 0 || next > end - position - 4) {
          // The page's last piece counts in the whole page, also behind what is committed.
          position = end;
        } else {
          position += 4 + align(next);
        }
        if (delta != 1) {
          stamp += delta; // a discarded record; 1 is the mark of one that took no time
        }
      }
      case RECORD_TIME_EXTEND -> {
        stamp += (Integer.toUnsignedLong(next) << DELTA_BITS) + delta;
        position += 8;
      }
      case RECORD_TIME_STAMP -> {
        stamp = absolute((Integer.toUnsignedLong(next) << DELTA_BITS) + delta);
        position += 8;
      }
      default ->
          throw new IllegalStateException("type_len has five bits [type=%d]".formatted(type));
    }
    return false;
  }

  /** Makes the payload the current record, if it lies inside the page. */
  private boolean take(int start, int size, int delta) {
    if (size > end - start) {
      damaged("a record goes past the end of its page");
      return false;
    }
    recordStart = position;
    payloadStart = start;
    payloadSize = size;
    position = start + align(size);
    stamp += delta;
    return true;
  }

  /** As rb_fix_abs_ts(): the upper bits are those of the time so far. */
  private long absolute(long value) {
    long upper = stamp & STAMP_MSB;
    if (upper == 0) {
      return value;
    }
    long whole = value | upper;
    return Long.compareUnsigned(whole, stamp) < 0 ? whole + (1L << 59) : whole;
  }

  private static int align(int size) {
    return (size + 3) & ~3;
  }

  private void damaged(String message) {
    issues.accept(
        new TraceIssue(
            Kind.DAMAGED_RECORD,
            bytesPlace + position,
            "%s [cpu=%d] [left=%d]".formatted(message, cpu, end - position),
            ""));
    unreadable = true;
    position = end;
  }

  /** Moves to the next page that can be read; false at the end. */
  private boolean loadPage() {
    int page = nextPage;
    if (page >= bytesSize) {
      if (!loadBytes()) {
        position = end;
        return false;
      }
      page = 0;
    }
    int available = Math.min(pageSize, bytesSize - page);
    nextPage = page + pageSize;
    position = page;
    end = page + available;
    if (available < layout.dataOffset()) {
      damaged("a page is cut off in its header");
      return true;
    }
    openPage(page, available - layout.dataOffset());
    return true;
  }

  private void openPage(int page, int capacity) {
    stamp = u64(page);
    int commit = commit(page + layout.commitOffset());
    int used = commit & COMMIT_MASK;
    position = page + layout.dataOffset();
    if (used > capacity) {
      end = position + capacity;
      issues.accept(
          new TraceIssue(
              Kind.DAMAGED_RECORD,
              bytesPlace + page,
              "a page claims more data than it has room for [cpu=%d] [commit=%d] [room=%d]"
                  .formatted(cpu, used, capacity),
              ""));
      unreadable = true;
    } else {
      end = position + used;
    }
    if ((commit & MISSED_EVENTS) != 0) {
      noteOverrun(missed(commit, capacity - used));
    }
  }

  private int commit(int at) {
    return layout.commitSize() == 8 ? (int) u64(at) : u32(at);
  }

  /** The number of missed events stands behind the data, if the kernel found room for it. */
  private long missed(int commit, int room) {
    if ((commit & MISSED_STORED) == 0 || room < layout.commitSize()) {
      return EventsLost.COUNT_UNKNOWN;
    }
    long missed = layout.commitSize() == 8 ? u64(end) : Integer.toUnsignedLong(u32(end));
    return missed > 0 ? missed : EventsLost.COUNT_UNKNOWN;
  }

  private void noteOverrun(long missed) {
    boolean known = overrun != EventsLost.COUNT_UNKNOWN && missed != EventsLost.COUNT_UNKNOWN;
    long sum = overrun + missed;
    overrun = known && sum > 0 ? sum : EventsLost.COUNT_UNKNOWN;
  }

  private boolean loadBytes() {
    while (true) {
      try {
        if (!pages.next()) {
          return false;
        }
        bytes = pages.bytes();
        bytesSize = pages.size();
        bytesPlace = pages.place();
        return true;
      } catch (DamagedFileException missing) {
        issues.accept(missing.issue());
        unreadable = true;
      }
    }
  }

  private int u32(int at) {
    return values.u32(bytes, at);
  }

  private long u64(int at) {
    return values.u64(bytes, at);
  }
}
