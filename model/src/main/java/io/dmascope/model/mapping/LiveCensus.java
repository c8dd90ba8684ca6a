package io.dmascope.model.mapping;

import io.dmascope.model.event.DmaDirection;
import io.dmascope.model.finding.EventRef;
import io.dmascope.model.finding.MappingKind;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * What is live at a moment, counted by site: what one piece of a driver is likely to have mapped.
 */
public final class LiveCensus {
  private LiveCensus() {}

  /**
   * Mappings of one kind, direction and size class of one device.
   *
   * @param device its number
   * @param sizeClass power of two: sizes over half of it up to itself
   */
  public record Site(
      int device,
      MappingKind kind,
      DmaDirection direction,
      MappedObject.Translation translation,
      long sizeClass)
      implements Comparable<Site> {
    private static final Comparator<Site> ORDER =
        Comparator.comparingInt(Site::device)
            .thenComparing(Site::kind)
            .thenComparing(Site::direction)
            .thenComparing(Site::translation)
            .thenComparingLong(Site::sizeClass);

    static Site of(MappedObject object) {
      return new Site(
          object.device().id(),
          object.kind(),
          object.direction(),
          object.translation(),
          sizeClass(object.sizeBytes()));
    }

    boolean holds(MappedObject object) {
      return device == object.device().id()
          && kind == object.kind()
          && direction == object.direction()
          && translation == object.translation()
          && sizeClass == sizeClass(object.sizeBytes());
    }

    private static long sizeClass(long sizeBytes) {
      long highest = Long.highestOneBit(sizeBytes);
      return highest == sizeBytes || highest <= 0 ? sizeBytes : highest << 1;
    }

    @Override
    public int compareTo(Site other) {
      return ORDER.compare(this, other);
    }
  }

  /** How much of a site is live. */
  public static final class Tally {
    private long count;
    private long bytes;
    private EventRef oldest;
    private EventRef newest;
    private final long[] births;

    private Tally(int periods) {
      births = new long[periods];
    }

    private void add(MappedObject object, long[] periodStarts) {
      count += object.instances();
      bytes += object.instances() * object.sizeBytes();
      long sequence = object.lastSequence();
      if (oldest == null || sequence < oldest.sequence()) {
        oldest = EventRef.of(object.lastMapped());
      }
      if (newest == null || sequence > newest.sequence()) {
        newest = EventRef.of(object.lastMapped());
      }
      if (periodStarts.length > 0) {
        countBirth(object, periodStarts);
      }
    }

    private void countBirth(MappedObject object, long[] periodStarts) {
      long mappedNs = object.lastMapped().timestampNs();
      for (int i = periodStarts.length - 1; i >= 0; i--) {
        if (mappedNs >= periodStarts[i]) {
          births[i] += object.instances();
          break;
        }
      }
    }

    /** Live mappings; equal ones count each. */
    public long count() {
      return count;
    }

    public long bytes() {
      return bytes;
    }

    /** Where the oldest of them was mapped. */
    public EventRef oldest() {
      return oldest;
    }

    public EventRef newest() {
      return newest;
    }

    /** How many of them were made in each period. */
    public long[] births() {
      return births.clone();
    }
  }

  /**
   * Counts the live mappings that pass the test; costs a look at each.
   *
   * @param periodStarts stamps at which the periods begin whose births are counted; may be empty
   */
  static Map<Site, Tally> count(
      LiveMappings mappings, Predicate<MappedObject> counts, long... periodStarts) {
    Counting counting = new Counting(counts, periodStarts);
    mappings.forEachLive(counting);
    return new TreeMap<>(counting.tallies);
  }

  /** Neighbours in the table are mostly of one site, so that the last one is the likeliest. */
  private static final class Counting implements Consumer<MappedObject> {
    private final Map<Site, Tally> tallies = new HashMap<>();
    private final Predicate<MappedObject> counts;
    private final long[] periodStarts;
    private Site site;
    private Tally tally;

    Counting(Predicate<MappedObject> counts, long[] periodStarts) {
      this.counts = counts;
      this.periodStarts = periodStarts;
    }

    @Override
    public void accept(MappedObject object) {
      if (!counts.test(object)) {
        return;
      }
      if (site == null || !site.holds(object)) {
        site = Site.of(object);
        tally = tallies.computeIfAbsent(site, _ -> new Tally(periodStarts.length));
      }
      tally.add(object, periodStarts);
    }
  }
}
