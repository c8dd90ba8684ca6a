package io.dmascope.model.mapping;

/* hot path */
/**
 * What follows when an event has made an object: how it is translated, and what it collides with.
 */
final class NewObjects extends ReplayStep {
  NewObjects(ReplayContext context) {
    super(context);
  }

  /**
   * Completes a transition that made an object: how it is translated, and what it collides with.
   */
  void complete(MappedObject object, boolean direct) {
    t.object = object;
    t.dmaAddr = object.dmaAddr();
    t.sizeBytes = object.sizeBytes();
    Device device = object.device();
    if (state.order().asks()) {
      state.order().made(object, t.header, state.mappings());
    }
    if (t.bounce != null) {
      device.bounces++;
      device.bouncedBytes += t.sizeBytes;
    }
    if (object.rangeCount() == 0) {
      return;
    }
    if (state.cachelines() != null) {
      t.lineOwner = state.cachelines().made(object, t.header, t.attrs);
    }
    if (state.counts().seen(EventCounts.Family.IOMMU)) {
      takeRuns(object);
    }
    MappedObject.Translation translation = translation(direct);
    if (translation != object.translation()) {
      state.mappings().translated(object, translation);
    }
    switch (translation) {
      case IOMMU -> {
        device.iommuTranslated++;
        findOverlap(object);
        // Last, since what ends makes room for itself: what was found would be of another mapping.
        if (state.flushes() != null && state.rig().of(device).lazy()) {
          findStale(object);
        }
      }
      case DIRECT -> device.direct++;
      case BOUNCED, UNKNOWN -> {}
    }
  }

  private MappedObject.Translation translation(boolean direct) {
    if (!t.runs.isEmpty()) {
      return MappedObject.Translation.IOMMU;
    }
    if (t.bounce != null) {
      return MappedObject.Translation.BOUNCED;
    }
    return direct ? MappedObject.Translation.DIRECT : MappedObject.Translation.UNKNOWN;
  }

  private void takeRuns(MappedObject object) {
    long first = Long.MAX_VALUE;
    long last = 0;
    // The entries of a list lie in one IOVA range; bus addresses of peer memory do not, and have no
    // runs to take.
    for (int i = 0; i < object.rangeCount(); i++) {
      Range range = object.range(i);
      if (Long.compareUnsigned(range.addr(), first) < 0 || i == 0) {
        first = range.addr();
      }
      if (Long.compareUnsigned(range.lastAddr(), last) > 0) {
        last = range.lastAddr();
      }
    }
    t.runs =
        state
            .tasks()
            .takeRuns(t.header, Addresses.alignDown(first, Addresses.IOMMU_GRANULE), last, object);
  }

  /** Finds a range that was unmapped so lately that its address cannot be free again. */
  private void findStale(MappedObject object) {
    Device device = object.device();
    int group = state.rig().of(device).group();
    for (int i = 0; i < object.rangeCount() && t.stale == null; i++) {
      if (runAt(object.range(i), 0) < 0) {
        continue; // a peer's bus address is no IOVA, and waits for no flush
      }
      Range former = state.mappings().ranges().formerly(device.id(), object.range(i).addr());
      if (former != null
          && former.owner().released() != null
          && former.owner().released().sequence() != t.header.sequence()
          && state
              .flushes()
              .pending(group, former.owner().released().timestampNs(), t.header.timestampNs())) {
        t.stale = former;
      }
    }
  }

  /**
   * Finds an older mapping that the new one cannot stand beside. The address allocator gave the
   * address out, so that an older one whose end may have fallen into a gap, or may have been seen
   * before it was made, has evidently ended, and one that a wrong unmap tore apart is no news.
   */
  private void findOverlap(MappedObject object) {
    LiveMappings mappings = state.mappings();
    int run = 0;
    for (int i = 0; i < object.rangeCount(); i++) {
      Range range = object.range(i);
      run = runAt(range, run);
      if (run < 0) {
        run = 0;
        continue; // a peer's bus address is no IOVA: it may be given out any number of times
      }
      for (Range other : mappings.ranges().overlaps(range)) {
        MappedObject older = other.owner();
        if (!older.live()
            || older.torn()
            || older.translation() != MappedObject.Translation.IOMMU) {
          continue;
        }
        if (state.losses().since(older.knownSince()) || state.order().about(older).isPresent()) {
          mappings.retire(older, t.header);
        } else if (t.overlap == null) {
          t.overlap = other;
          t.range = range;
          t.overlapExplained = removedSince(other);
        }
      }
    }
  }

  /**
   * The index of a page-table run that the range shares bytes with, or -1. Runs come in the order
   * of the entries, so that the one that served the entry before is the place to begin.
   */
  private int runAt(Range range, int from) {
    int count = t.runs.size();
    for (int i = 0; i < count; i++) {
      int index = from + i < count ? from + i : from + i - count;
      if (t.runs.get(index).overlaps(range.addr(), range.lastAddr())) {
        return index;
      }
    }
    return -1;
  }

  private boolean removedSince(Range range) {
    return state
        .tasks()
        .removedSince(
            range.owner().lastMapped().sequence(),
            Addresses.alignDown(range.addr(), Addresses.IOMMU_GRANULE),
            range.lastAddr());
  }
}
