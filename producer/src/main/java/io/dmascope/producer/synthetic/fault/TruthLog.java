package io.dmascope.producer.synthetic.fault;

import io.dmascope.producer.synthetic.fault.Injected.Sureness;
import io.dmascope.producer.synthetic.machine.Single;
import java.util.List;
import java.util.function.Consumer;

/** Takes down what a fault does, for the fault that is being committed. */
final class TruthLog {
  private final Consumer<Injected> out;
  private final Fault<?> fault;
  private final Leaks leaks;

  TruthLog(Consumer<Injected> out) {
    this(out, null, new Leaks());
  }

  private TruthLog(Consumer<Injected> out, Fault<?> fault, Leaks leaks) {
    this.out = out;
    this.fault = fault;
    this.leaks = leaks;
  }

  TruthLog of(Fault<?> committed) {
    return new TruthLog(out, committed, leaks);
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
            tears,
            false));
  }

  /** Notes a mapping that will never be unmapped; what that comes to shows at the end. */
  boolean leaks(Single single) {
    return leaks.add(fault, single);
  }

  void ended(long sequence, long fromNs, long toNs) {
    leaks.ended(sequence, fromNs, toNs, out);
  }
}
