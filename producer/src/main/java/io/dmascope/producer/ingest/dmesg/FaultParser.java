package io.dmascope.producer.ingest.dmesg;

import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/**
 * Recognises IOMMU faults in a kernel log, one {@link FaultSource} a maker; and tells lines that
 * look like a fault and were understood by none, so that they do not vanish.
 */
final class FaultParser {
  /** An IOMMU, a fault and a number: whoever reads it would take it for one. */
  private static final Pattern LOOKS_LIKE_A_FAULT =
      Pattern.compile(
          "(?i)(?:iommu|smmu|sysmmu|dmar|amd-vi|dart)\\b.*\\bfault.*\\b(?:0x[0-9a-f]{3,}|[0-9a-f]{7,16}\\b)");

  /** Lines about faults that are none: counters, decoded registers, what boot says. */
  private static final Pattern NO_FAULT =
      Pattern.compile(
          "(?i)callbacks suppressed|\\bFSR +=|\\bFSYNR\\d? +=|fault handl(?:er|ing)|fault status"
              + " reg|default domain|page request");

  private final List<FaultSource> sources =
      List.of(new IntelFaults(), new AmdFaults(), new SmmuV3Faults(), new OneLineFaults());

  private long notUnderstood;
  private Optional<KernelLogLine> firstNotUnderstood = Optional.empty();

  /** Reads a line; {@code out} takes the faults that are known to be complete by it. */
  void accept(KernelLogLine line, Consumer<FaultLine> out) {
    boolean understood = false;
    for (FaultSource source : sources) {
      understood |= source.accept(line, out);
    }
    if (!understood
        && LOOKS_LIKE_A_FAULT.matcher(line.text()).find()
        && !NO_FAULT.matcher(line.text()).find()) {
      notUnderstood++;
      firstNotUnderstood = firstNotUnderstood.or(() -> Optional.of(line));
    }
  }

  /** Hands out what waits for further lines: there are none. */
  void finish(Consumer<FaultLine> out) {
    sources.forEach(source -> source.finish(out));
  }

  /** Lines that look like a fault and are of no form that is known. */
  long notUnderstood() {
    return notUnderstood;
  }

  Optional<KernelLogLine> firstNotUnderstood() {
    return firstNotUnderstood;
  }
}
