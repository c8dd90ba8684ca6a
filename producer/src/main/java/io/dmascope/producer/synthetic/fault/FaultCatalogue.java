package io.dmascope.producer.synthetic.fault;

import java.util.List;
import java.util.stream.Stream;

/** Every fault there is. A test fails when a rule has none. */
public final class FaultCatalogue {
  private static final List<Fault<?>> FAULTS =
      Stream.of(
              UnmapFaults.ALL,
              ScatterlistFaults.ALL,
              SyncFaults.ALL,
              KernelFaults.ALL,
              LimitFaults.ALL,
              AddressFaults.ALL,
              PeerFaults.ALL,
              BufferFaults.ALL,
              ProbeFaults.ALL)
          .<Fault<?>>flatMap(List::stream)
          .toList();

  private FaultCatalogue() {}

  public static List<Fault<?>> faults() {
    return FAULTS;
  }

  /** Every rule that there is a fault for, in order. */
  public static List<String> rules() {
    return FAULTS.stream().map(Fault::ruleId).distinct().sorted().toList();
  }

  /** The ways to break a rule; empty for a rule that nobody knows how to break. */
  public static List<Fault<?>> breaking(String ruleId) {
    return FAULTS.stream().filter(fault -> fault.ruleId().equals(ruleId)).toList();
  }
}
