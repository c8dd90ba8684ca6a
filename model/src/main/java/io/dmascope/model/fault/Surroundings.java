package io.dmascope.model.fault;

import io.dmascope.model.mapping.Addresses;
import io.dmascope.model.mapping.CaptureState;
import io.dmascope.model.mapping.Device;
import io.dmascope.model.mapping.Range;
import io.dmascope.model.mapping.Transition;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** The ranges that lie around an address, of the device and of those that share its addresses. */
final class Surroundings {
  /** Ranges on either side. */
  private static final int EACH_SIDE = 3;

  /** How far to look, until there is enough: a few buffers, a ring, a large buffer. */
  private static final long[] REACHES = {64L << 10, 1L << 20, 32L << 20, 4L << 30};

  private static final Comparator<FaultPiece> LIVE_THEN_LATEST =
      Comparator.comparing(FaultPiece::live)
          .thenComparingLong(piece -> piece.latest().sequence())
          .reversed();

  private static final Comparator<FaultPiece> BY_ADDRESS =
      Comparator.comparing(FaultPiece::addr, Long::compareUnsigned)
          .thenComparing(FaultPiece::lastAddr, Long::compareUnsigned)
          .thenComparingLong(piece -> piece.latest().sequence());

  private Surroundings() {}

  static List<FaultPiece> of(Transition t, long iova) {
    List<FaultPiece> pieces = List.of();
    for (long reach : REACHES) {
      pieces = within(t, iova, reach);
      if (enough(pieces, iova)) {
        break;
      }
    }
    return pieces;
  }

  private static List<FaultPiece> within(Transition t, long iova, long reach) {
    List<FaultPiece> all = new ArrayList<>();
    CaptureState state = t.state();
    for (int id = 0; id < state.devices().size(); id++) {
      Device device = state.devices().at(id);
      if (device == t.device() || (device.group() >= 0 && device.group() == t.device().group())) {
        for (Range range :
            state.mappings().ranges().around(id, lower(iova, reach), upper(iova, reach))) {
          all.add(FaultPiece.of(range));
        }
      }
    }
    return nearest(all, iova);
  }

  private static List<FaultPiece> nearest(List<FaultPiece> all, long iova) {
    List<FaultPiece> here = new ArrayList<>();
    List<FaultPiece> below = new ArrayList<>();
    List<FaultPiece> above = new ArrayList<>();
    for (FaultPiece piece : all) {
      if (piece.sizeBytes() != 0) {
        (piece.touchesPageOf(iova) ? here : isBelow(piece, iova) ? below : above).add(piece);
      }
    }
    here.sort(LIVE_THEN_LATEST.thenComparing(BY_ADDRESS));
    below.sort(Comparator.comparing(FaultPiece::lastAddr, Long::compareUnsigned).reversed());
    above.sort(Comparator.comparing(FaultPiece::addr, Long::compareUnsigned));
    List<FaultPiece> nearest = new ArrayList<>(here.subList(0, Math.min(here.size(), EACH_SIDE)));
    addNewest(below, nearest);
    addNewest(above, nearest);
    nearest.sort(BY_ADDRESS);
    return nearest;
  }

  /** Adds the nearest, and of those that lie over each other the newest; nearest come first. */
  private static void addNewest(List<FaultPiece> side, List<FaultPiece> nearest) {
    int from = 0;
    for (int n = 0; n < EACH_SIDE && from < side.size(); n++) {
      FaultPiece best = side.get(from);
      for (int i = from + 1; i < side.size() && side.get(i).overlaps(side.get(from)); i++) {
        if (LIVE_THEN_LATEST.compare(side.get(i), best) < 0) {
          best = side.get(i);
        }
      }
      nearest.add(best);
      while (from < side.size() && side.get(from).overlaps(best)) {
        from++;
      }
    }
  }

  private static boolean enough(List<FaultPiece> pieces, long iova) {
    long below = pieces.stream().filter(piece -> isBelow(piece, iova)).count();
    long here = pieces.stream().filter(piece -> piece.touchesPageOf(iova)).count();
    return below >= EACH_SIDE && pieces.size() - below - here >= EACH_SIDE;
  }

  private static boolean isBelow(FaultPiece piece, long iova) {
    return !piece.touchesPageOf(iova) && Long.compareUnsigned(piece.addr(), iova) < 0;
  }

  private static long lower(long iova, long reach) {
    return Long.compareUnsigned(iova, reach) < 0 ? 0 : iova - reach;
  }

  private static long upper(long iova, long reach) {
    return Addresses.last(iova, reach);
  }
}
