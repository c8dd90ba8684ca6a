package io.dmascope.model.finding;

import java.util.Arrays;
import java.util.Optional;

/**
 * What kind of circumstance may explain a finding away. Reports and the check of ourselves decide
 * on it; the sentence is for people.
 */
public enum DoubtKind {
  /** Events were lost, or stood in lines that could not be read. */
  LOSSES(PremiseKind.NOTHING_LOST),

  /** What a finding misses may have happened before the recording began. */
  LATE_START(PremiseKind.NEVER_MADE),

  /** Clocks of CPUs may disagree about the order of two events. */
  CLOCKS(PremiseKind.IN_ORDER),

  /** A wrong call before has left the device's addresses in disorder. */
  DISORDER(PremiseKind.SPACE_INTACT),

  /** More was to be remembered than is. */
  MEMORY(PremiseKind.ALL_REMEMBERED),

  /** The driver may lawfully do it. */
  LICENCE(PremiseKind.NO_LICENCE),

  /** Page-table events name no domain, and another one may be meant. */
  OTHER_DOMAIN(PremiseKind.NO_OTHER_DOMAIN),

  /** It may belong to another call of the task. */
  OTHER_CALL(PremiseKind.OWN_CALL),

  /** What would tell is not among the recorded events. */
  NOT_RECORDED(PremiseKind.ALL_RECORDED),

  /** The machine may not be as the manifest says, or the manifest does not say. */
  MACHINE(PremiseKind.MACHINE_AS_TOLD),

  /** Only a length of time or a statistic speaks for it. */
  TIME_BOUND(PremiseKind.NO_TIME_BOUND),

  /** A record of an older dmascope, which told the sentence alone. */
  UNTOLD(PremiseKind.UNTOLD);

  private final PremiseKind refutes;

  DoubtKind(PremiseKind refutes) {
    this.refutes = refutes;
  }

  /** The premise that falls where nothing but this is in doubt. */
  public PremiseKind refutes() {
    return refutes;
  }

  /** The kind of that name; {@link #UNTOLD} for one that is not known here. */
  public static DoubtKind named(String name) {
    return find(name).orElse(UNTOLD);
  }

  private static Optional<DoubtKind> find(String name) {
    return Arrays.stream(values()).filter(kind -> kind.name().equals(name)).findFirst();
  }
}
