package io.dmascope.producer.synthetic.fault;

import java.util.List;
import java.util.Objects;

/**
 * A fault that was committed.
 *
 * @param ruleId the rule it breaks
 * @param fault what was done, in words
 * @param sequence the event at which it shows
 * @param device the device concerned
 * @param dmaAddr the address named there, unsigned
 * @param sizeBytes the size named there
 * @param sureness how sure a checker can be at best
 * @param witnesses sequences of the earlier events that prove it
 * @param tears whether the device's address space is in disorder from here on, as a wrong unmap
 *     leaves it: what follows may look wrong, too
 * @param faint whether there may be too little of it to be seen
 */
public record Injected(
    String ruleId,
    String fault,
    long sequence,
    String device,
    long dmaAddr,
    long sizeBytes,
    Sureness sureness,
    List<Long> witnesses,
    boolean tears,
    boolean faint) {

  /** How sure a checker can be of a fault that was recorded whole. */
  public enum Sureness {
    CERTAIN,
    /** The tracepoints leave another explanation open, always. */
    SUSPECT,
    /** It depends on what else the capture holds. */
    EITHER
  }

  public Injected {
    Objects.requireNonNull(ruleId, "ruleId");
    Objects.requireNonNull(fault, "fault");
    Objects.requireNonNull(device, "device");
    Objects.requireNonNull(sureness, "sureness");
    witnesses = List.copyOf(witnesses);
  }
}
