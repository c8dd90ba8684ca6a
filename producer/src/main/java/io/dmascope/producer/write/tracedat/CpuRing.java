package io.dmascope.producer.write.tracedat;

import io.dmascope.model.event.EventsLost;
import java.nio.ByteOrder;

/**
 * The ring buffer of one CPU: fills page after page and hands over the full ones. The events of a
 * gap are told by the page that follows them, as the kernel tells them.
 */
final class CpuRing {
  static final int PAGE_BYTES = 4096;

  private static final int LONG_BYTES = 8;

  /**
   * Events that are missing.
   *
   * @param count 0 where nobody counted them
   */
  private record Gap(boolean any, long count) {
    static final Gap NONE = new Gap(false, 0);

    Gap and(long more) {
      boolean counted = more != EventsLost.COUNT_UNKNOWN && (!any || count != 0);
      return new Gap(true, counted ? count + more : 0);
    }
  }

  private final ByteOrder order;
  private PageWriter page;
  private Gap beforePage = Gap.NONE;
  private Gap next = Gap.NONE;
  private long stamp;
  private long firstStamp;
  private long events;
  private long lostInAll;
  private boolean empty = true;

  CpuRing(ByteOrder order) {
    this.order = order;
  }

  /** Events were lost here: what comes next is on a page of its own. */
  void lose(long count) {
    next = next.and(count);
    lostInAll += Math.max(0, count);
  }

  /** True where the page under way must be taken before that record can be added. */
  boolean mustTurn(int payloadSize) {
    return page != null && (next.any || !page.fits(payloadSize));
  }

  /** Takes the page under way, or null where there is none. */
  byte[] takePage() {
    if (page == null) {
      return null;
    }
    if (beforePage.any) {
      page.missed(beforePage.count);
    }
    byte[] taken = page.bytes();
    page = null;
    return taken;
  }

  void add(long timestampNs, byte[] payload) {
    if (page == null) {
      page = new PageWriter(PAGE_BYTES, LONG_BYTES, order, timestampNs);
      stamp = timestampNs;
      beforePage = next;
      next = Gap.NONE;
    }
    if (Long.compareUnsigned(timestampNs, stamp) < 0) {
      page.stamp(timestampNs); // the clock was set back
      stamp = timestampNs;
    }
    page.record(timestampNs - stamp, payload);
    stamp = timestampNs;
    firstStamp = empty ? timestampNs : firstStamp;
    empty = false;
    events++;
  }

  /** {@code per_cpu/cpuN/stats} after all was read. */
  String statistics(int cpu) {
    return """
        CPU: %d
        entries: 0
        overrun: %d
        commit overrun: 0
        bytes: 0
        oldest event ts: %s
        now ts: %s
        dropped events: 0
        read events: %d
        """
        .formatted(cpu, lostInAll, seconds(firstStamp), seconds(stamp), events);
  }

  private static String seconds(long stampNs) {
    long us = stampNs / 1000;
    return "%5d.%06d".formatted(us / 1_000_000, us % 1_000_000);
  }
}
