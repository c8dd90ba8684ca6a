package io.dmascope.model.finding;

import io.dmascope.model.event.DmaDirection;
import java.util.List;

/**
 * One broken rule at one event, with its evidence.
 *
 * @param ruleId stable id of the catalogue, e.g. {@code DMA-MAP-001}
 * @param verdict what it rests on, and what may explain it away
 * @param device device name as traced; may be empty
 * @param dmaAddr the address in question, unsigned
 * @param sizeBytes bytes in question; 0 where the event carries none
 * @param at the event that broke the rule
 * @param message one plain sentence followed by facts in brackets, without place or time
 * @param related earlier events it conflicts with, oldest first
 */
public record Violation(
    String ruleId,
    Severity severity,
    Verdict verdict,
    String device,
    long dmaAddr,
    long sizeBytes,
    DmaDirection direction,
    EventRef at,
    String message,
    List<RelatedEvent> related) {

  public Violation {
    related = List.copyOf(related);
  }

  public Confidence confidence() {
    return verdict.confidence();
  }

  /** The circumstance that may explain the finding away, as a clause; empty when CERTAIN. */
  public String because() {
    return verdict.because();
  }

  /** The same finding with another verdict. */
  public Violation with(Verdict other) {
    return new Violation(
        ruleId, severity, other, device, dmaAddr, sizeBytes, direction, at, message, related);
  }
}
