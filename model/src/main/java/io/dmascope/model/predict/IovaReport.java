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
 */
public record IovaReport(
    FlushPolicy policy,
    long exact,
    long different,
    SortedMap<Unknown, Long> unknown,
    List<AddressRange> windows) {

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
  }

  /** Addresses that were looked at. */
  public long addresses() {
    return exact + different + unknown.values().stream().mapToLong(Long::longValue).sum();
  }
}
