package io.dmascope.model.mapping;

import io.dmascope.model.event.EventHeader;
import io.dmascope.model.event.ProbeEvent.IovaCall;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * What the transactions of the two-step interface have linked so far ({@code
 * drivers/iommu/dma-iommu.c dma_iova_link()}).
 *
 * <p>Links may come in any order: HMM links and unlinks single pages. What holds for all users is
 * that no byte is linked twice, that links meet on page boundaries, and that what is made visible
 * to the device by a sync is linked.
 */
public final class IovaTransactions {
  /** Transactions remembered; the oldest goes first. */
  static final int REMEMBERED_MAX = 4096;

  /** Links remembered of one; a transaction with more is no longer judged. */
  static final int LINKS_MAX = 8192;

  /** What may be wrong with a call. */
  public enum Fault {
    OVERLAP,
    UNALIGNED,
    GAP
  }

  private static final class Transaction {
    final long iova;
    final EventHeader made;
    boolean judged = true;

    /** First byte and end of what is linked, as offsets. */
    final TreeMap<Long, Long> links = new TreeMap<>();

    Transaction(long iova, EventHeader made) {
      this.iova = iova;
      this.made = made;
    }
  }

  private final Map<Long, Transaction> byState =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, Transaction> eldest) {
          return size() > REMEMBERED_MAX;
        }
      };

  /** Where the transaction began; null where that was not recorded. */
  EventHeader begun(IovaCall call) {
    Transaction known = byState.get(call.state());
    return known == null ? null : known.made;
  }

  /** Takes a call in; returns what is wrong with it, or null. */
  Fault apply(IovaCall call, long granule) {
    return switch (call.step()) {
      case TRY_ALLOC -> {
        byState.remove(call.state());
        if (call.error() == 0) {
          byState.put(call.state(), new Transaction(call.iova(), call.header()));
        }
        yield null;
      }
      case FREE, DESTROY -> {
        byState.remove(call.state());
        yield null;
      }
      case LINK, SYNC, UNLINK -> {
        Transaction known = byState.get(call.state());
        boolean judged = known != null && known.judged && call.error() == 0 && isRange(call);
        yield judged ? apply(known, call, granule) : null;
      }
    };
  }

  private static boolean isRange(IovaCall call) {
    return call.offset() >= 0 && call.sizeBytes() > 0 && call.offset() + call.sizeBytes() > 0;
  }

  private static Fault apply(Transaction known, IovaCall call, long granule) {
    long end = call.offset() + call.sizeBytes();
    return switch (call.step()) {
      case LINK -> link(known, call.offset(), end, granule);
      case SYNC -> covers(known, call.offset(), end) ? null : Fault.GAP;
      case UNLINK -> {
        unlink(known, call.offset(), end);
        yield null;
      }
      case TRY_ALLOC, FREE, DESTROY -> null;
    };
  }

  private static Fault link(Transaction known, long offset, long end, long granule) {
    Map.Entry<Long, Long> before = known.links.lowerEntry(end);
    if (before != null && before.getValue() > offset) {
      return Fault.OVERLAP;
    }
    known.links.put(offset, end);
    known.judged = known.links.size() <= LINKS_MAX;
    return offset > 0 && ((known.iova + offset) & (granule - 1)) != 0 ? Fault.UNALIGNED : null;
  }

  private static boolean covers(Transaction known, long offset, long end) {
    long at = offset;
    while (at < end) {
      Map.Entry<Long, Long> link = known.links.floorEntry(at);
      if (link == null || link.getValue() <= at) {
        return false;
      }
      at = link.getValue();
    }
    return true;
  }

  /** Takes the range out; what is left of a link on either side stays. */
  private static void unlink(Transaction known, long offset, long end) {
    for (Map.Entry<Long, Long> link = known.links.lowerEntry(end);
        link != null && link.getValue() > offset;
        link = known.links.lowerEntry(end)) {
      known.links.remove(link.getKey());
      if (link.getValue() > end) {
        known.links.put(end, link.getValue());
      }
      if (link.getKey() < offset) {
        known.links.put(link.getKey(), offset);
        return;
      }
    }
  }

  void save(StateWriter out) {
    out.u(byState.size());
    byState.forEach(
        (state, known) -> {
          out.u(state).u(known.iova).header(known.made).flag(known.judged).u(known.links.size());
          known.links.forEach((first, end) -> out.u(first).u(end));
        });
  }

  void restore(StateReader in) {
    for (int n = in.i(); n > 0; n--) {
      long state = in.u();
      Transaction known = new Transaction(in.u(), in.header());
      known.judged = in.flag();
      for (int links = in.i(); links > 0; links--) {
        known.links.put(in.u(), in.u());
      }
      byState.put(state, known);
    }
  }
}
