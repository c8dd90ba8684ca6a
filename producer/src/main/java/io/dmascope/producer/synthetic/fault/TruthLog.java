package io.dmascope.producer.synthetic.fault;

import io.dmascope.producer.synthetic.fault.Injected.Sureness;
import java.util.List;
import java.util.function.Consumer;

/** Takes down what a fault does, for the fault that is being committed. */
final class TruthLog {
  private final Consumer<Injected> out;
  private final Fault<?> fault;

  TruthLog(Consumer<Injected> out) {
    this(out, null);
  }

  private TruthLog(Consumer<Injected> out, Fault<?> fault) {
    this.out = out;
    this.fault = fault;
  }

  TruthLog of(Fault<?> committed) {
    return new TruthLog(out, committed);
  }

  /** Notes a fault of which the trace is proof. */
  void certain(long sequence, String device, long dmaAddr, long sizeBytes, Long... witnesses) {
    add(sequence, device, dmaAddr, sizeBytes, Sureness.CERTAIN, false, witnesses);
  }

  void suspect(long sequence, String device, long dmaAddr, long sizeBytes, Long... witnesses) {
    add(sequence, device, dmaAddr, sizeBytes, Sureness.SUSPECT, false, witnesses);
  }

  void either(long sequence, String device, long dmaAddr, long sizeBytes, Long... witnesses) {
    add(sequence, device, dmaAddr, sizeBytes, Sureness.EITHER, false, witnesses);
  }

  void add(
      long sequence,
      String device,
      long dmaAddr,
      long sizeBytes,
      Sureness sureness,
      boolean tears,
      Long... witnesses) {
    out.accept(
        new Injected(
            fault.ruleId(),
            fault.what(),
            sequence,
            device,
            dmaAddr,
            sizeBytes,
            sureness,
            List.of(witnesses),
            tears));
  }
}
