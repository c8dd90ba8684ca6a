package io.dmascope.producer.ingest.dmesg;

import java.util.Optional;
import java.util.function.Consumer;

/**
 * The fault messages of one maker of IOMMUs. A message may take several lines, with lines of others
 * in between: it is known to be complete when its last part came, or another begins.
 */
abstract class FaultSource {
  private Optional<FaultLine> pending = Optional.empty();

  /**
   * Reads a line.
   *
   * @param out takes faults that are complete, in the order of their last line
   * @return true where the line is a message of this source, whether it is a fault or not
   */
  abstract boolean accept(KernelLogLine line, Consumer<FaultLine> out);

  /** Hands out what waits for more and can do without. */
  void finish(Consumer<FaultLine> out) {
    pending.ifPresent(out);
    pending = Optional.empty();
  }

  /** The fault that waits for a further line about it. */
  final Optional<FaultLine> pending() {
    return pending;
  }

  /** Holds a fault of which a further line may come; one that waited before is complete. */
  final void hold(FaultLine fault, Consumer<FaultLine> out) {
    finish(out);
    pending = Optional.of(fault);
  }

  /** Hands out the fault that waited, with what the further line told. */
  final void complete(FaultLine whole, Consumer<FaultLine> out) {
    pending = Optional.empty();
    out.accept(whole);
  }

  static long address(String hex) {
    return Long.parseUnsignedLong(hex, 16);
  }

  static String pciName(String domain, String bus, String slot, String function) {
    return "%s:%s:%s.%s".formatted(domain == null ? "0000" : domain, bus, slot, function);
  }
}
