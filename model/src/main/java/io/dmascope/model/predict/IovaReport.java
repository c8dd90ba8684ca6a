package io.dmascope.model.predict;

import io.dmascope.model.backend.IommuParameters.AddressRange;
import io.dmascope.model.backend.IommuParameters.FlushPolicy;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * How the I/O virtual addresses of one capture compare with those of a replayed allocator. All of
 * them are checked for what holds of any address: alignment, reach, and not being 0.
 *
 * @param policy how unmapped addresses are replayed to become free
 * @param exact addresses that the replay handed out as the kernel did
 * @param different addresses that it did not
 * @param unknown addresses without a prediction, by reason
 * @param windows ranges that no address was taken from although they were next: inferred to be set
 *     aside for host bridges; each may be somewhat longer than is known
 * @param misses the first of the different ones
 */
public record IovaReport(
    FlushPolicy policy,
    long exact,
    long different,
    SortedMap<Unknown, Long> unknown,
    List<AddressRange> windows,
    List<Miss> misses) {

  /** How many wrong addresses are kept. */
  public static final int MISSES_MAX = 64;

  /**
   * An address that the replay did not hand out.
   *
   * @param sequence of the event before which it was taken
   */
  public record Miss(long sequence, String device, long predicted, long recorded, Cause cause) {}

  /** What a recording shows about a wrong address. */
  public enum Cause {
    WINDOW_NOT_RECORDED(
        "addresses are set aside above it that neither recording nor manifest names"),
    CACHE_CHANGED(
        "the CPU's cache was used between the allocator's work and the event that tells of it: by"
            + " an interrupt, or the task moved"),
    TREE_CHANGED("a block was taken or freed that no event of the recording tells of");

    private final String sentence;

    Cause(String sentence) {
      this.sentence = sentence;
    }

    public String sentence() {
      return sentence;
    }
  }

  /** Why an address was not predicted. */
  public enum Unknown {
    BEGAN_LATER(
        "the address space was in use when the capture began, and none of that size was freed on"
            + " that CPU since"),
    FLUSH_NOT_TRACED("which lazy flush freed it, and on which CPU, is not traced"),
    EVENTS_LOST("events were lost, and none of that size was freed on that CPU since");

    private final String sentence;

    Unknown(String sentence) {
      this.sentence = sentence;
    }

    public String sentence() {
      return sentence;
    }
  }

  public IovaReport {
    unknown = new TreeMap<>(unknown);
    windows = List.copyOf(windows);
    misses = List.copyOf(misses);
  }

  /** Addresses that were looked at. */
  public long addresses() {
    return exact + different + unknown.values().stream().mapToLong(Long::longValue).sum();
  }
}
