package io.dmascope.model.rule;

import io.dmascope.model.finding.Reason;
import io.dmascope.model.finding.Severity;
import io.dmascope.model.mapping.EventCounts.Family;
import io.dmascope.model.mapping.Op;
import io.dmascope.model.mapping.Premise;
import io.dmascope.model.mapping.Transition;
import java.util.List;

/**
 * TRC-001: what the trace says of itself has to hold together, or nothing that rests on it does.
 */
@RuleInfo(
    id = "TRC-001",
    title = "the trace contradicts itself",
    severity = Severity.INFO,
    on = Op.CLOCK,
    needs = {Family.SINGLE, Family.SG, Family.ALLOC, Family.SYNC, Family.IOMMU, Family.OTHER},
    kernelSource = "kernel/trace/ring_buffer.c rb_add_timestamp()",
    confidenceNotes = "suspect: two recordings in one file look the same")
final class TraceIntegrity implements Rule {
  @Override
  public void inspect(Transition t, Findings out) {
    out.report(
        this,
        List.of(Premise.unknowable(Reason.SEVERAL_RECORDINGS)),
        "the clock of CPU %d runs backwards by %d ns"
            .formatted(t.header().cpu(), t.previousTimestampNs() - t.header().timestampNs()),
        List.of());
  }
}
