package io.dmascope.model.mapping;

import io.dmascope.model.event.DmaDirection;
import io.dmascope.model.event.EventHeader;
import io.dmascope.model.event.U64List;
import io.dmascope.model.finding.MappingKind;

/**
 * Something found wrong.
 *
 * @param before of an unmap the one that ended before what this one may mean, of a map the older
 *     one; null where none is close
 * @param physAddrs entries of a scatterlist; empty for everything else
 * @param clue sequence of the older mapping's event; for an unmap of any, that of the event; for a
 *     check, the CPU that mapped; for a map around, how many entries the list has, or {@link #ANY};
 *     for a map, {@link #NONE} unless one mapping less would explain it as well
 */
record WantedEvent(
    Missing missing,
    long sequence,
    CpuMoment at,
    CpuMoment before,
    int device,
    MappingKind kind,
    DmaDirection direction,
    long addr,
    long sizeBytes,
    U64List physAddrs,
    long clue) {
  /** Stands for no older mapping. */
  static final long NONE = -1;

  /** Stands for mappings and lists of any number of entries. */
  static final long ANY = 0;

  /** What would explain it. */
  enum Missing {
    /** The map of what an unmap or a free names. */
    MAP,
    /** The map of what a sync names. */
    MAP_AROUND,
    /** The unmap of an older mapping. */
    UNMAP,
    /** An unmap of anything of the device. */
    UNMAP_OF_ANY,
    /** A call of {@code dma_mapping_error}. */
    CHECK
  }

  /** Which of the two the event may have come before in truth; or null. */
  CpuMoment early(EventHeader later) {
    if (at.mayFollow(later)) {
      return at;
    }
    return before != null && before.mayFollow(later) ? before : null;
  }

  /** True where the unmap begins where the mapping does, and is wrong for it all the same. */
  boolean isWrongFor(MappedObject object) {
    return missing == Missing.MAP && physAddrs.isEmpty() && object.dmaAddr() == addr;
  }

  boolean isMadeBy(MappedObject object) {
    return switch (missing) {
      case MAP ->
          physAddrs.isEmpty()
              ? object.dmaAddr() == addr
                  && object.sizeBytes() == sizeBytes
                  && object.kind() == kind
                  && isSameDirection(object.direction())
              : object.nents() == physAddrs.size()
                  && isSameDirection(object.direction())
                  && isBeginningOf(object.physAddrs());
      case MAP_AROUND ->
          (clue == ANY || object.nents() == clue) && serves(object) && isAround(object);
      case UNMAP, UNMAP_OF_ANY, CHECK -> false;
    };
  }

  /** A sync the other way is wrong for it as well. */
  private boolean serves(MappedObject object) {
    return isSameDirection(object.direction()) || object.direction() == DmaDirection.BIDIRECTIONAL;
  }

  private boolean isSameDirection(DmaDirection other) {
    return direction == other || direction == DmaDirection.UNKNOWN;
  }

  /** The map's event may have left the end of the list out. */
  private boolean isBeginningOf(U64List mapped) {
    return !mapped.isEmpty()
        && mapped.size() <= physAddrs.size()
        && mapped.samePrefix(physAddrs, mapped.size());
  }

  private boolean isAround(MappedObject object) {
    for (int i = 0; i < object.rangeCount(); i++) {
      Range range = object.range(i);
      if (Long.compareUnsigned(range.addr(), addr) <= 0
          && Long.compareUnsigned(lastAddr(), range.lastAddr()) <= 0) {
        return true;
      }
    }
    return false;
  }

  boolean isEndedBy(MappedObject object) {
    return switch (missing) {
      // Either may have ended before the other was made; of two alike any may be taken for it.
      case UNMAP -> isMadeAt(object, clue) || isMadeAt(object, sequence) || isAt(object);
      case UNMAP_OF_ANY -> object.device().id() == device && object.lastSequence() < clue;
      case MAP -> clue != NONE && isAt(object);
      case MAP_AROUND, CHECK -> false;
    };
  }

  boolean isAt(MappedObject object) {
    return object.device().id() == device && object.dmaAddr() == addr;
  }

  private static boolean isMadeAt(MappedObject object, long sequence) {
    return object.firstMapped().sequence() == sequence || object.lastSequence() == sequence;
  }

  long lastAddr() {
    return Addresses.last(addr, Math.max(sizeBytes, 1));
  }

  void save(StateWriter out) {
    out.u(missing.ordinal())
        .u(sequence)
        .u(device)
        .u(kind.ordinal())
        .u(direction.ordinal())
        .u(addr)
        .u(sizeBytes)
        .list(physAddrs)
        .s(clue);
    CpuMoment.save(at, out);
    CpuMoment.save(before, out);
  }

  static WantedEvent restore(StateReader in) {
    Missing missing = Missing.values()[in.i()];
    long sequence = in.u();
    int device = in.i();
    MappingKind kind = MappingKind.values()[in.i()];
    DmaDirection direction = DmaDirection.values()[in.i()];
    long addr = in.u();
    long sizeBytes = in.u();
    U64List physAddrs = in.list();
    long clue = in.s();
    CpuMoment at = CpuMoment.restore(in);
    CpuMoment before = CpuMoment.restore(in);
    return new WantedEvent(
        missing, sequence, at, before, device, kind, direction, addr, sizeBytes, physAddrs, clue);
  }
}
