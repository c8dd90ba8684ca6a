package io.dmascope.model.rule;

import io.dmascope.model.finding.Reason;
import io.dmascope.model.finding.RelatedEvent;
import io.dmascope.model.finding.Severity;
import io.dmascope.model.mapping.CaptureState;
import io.dmascope.model.mapping.EventCounts.Family;
import io.dmascope.model.mapping.GrowthHistory.GrowingSite;
import io.dmascope.model.mapping.Op;
import io.dmascope.model.mapping.Premise;
import io.dmascope.model.mapping.Transition;
import java.util.List;

/** DMA-MAP-020: the live mappings of one kind grow from beginning to end. */
@RuleInfo(
    id = "DMA-MAP-020",
    title = "live mappings that only grow in number",
    severity = Severity.INFO,
    on = Op.CAPTURE_END,
    needs = {Family.SINGLE, Family.SG, Family.ALLOC},
    kernelSource = "kernel/dma/debug.c add_dma_entry()",
    confidenceNotes = "always suspect: a trend is no proof")
final class GrowingLiveSet implements Rule {
  @Override
  public void inspect(Transition t, Findings out) {
    GrowingSite growing = t.growing();
    out.report(
        this,
        List.of(Premise.unknowable(Reason.TREND)),
        "live mappings grow from beginning to end [mapped_as=%s] [direction=%s] [size_up_to=%d] [live=%d] [grew_by=%d] [in=%d ms] [samples=%d]"
            .formatted(
                growing.site().kind().debugName(),
                growing.site().direction(),
                growing.site().sizeClass(),
                growing.live(),
                growing.grewBy(),
                growing.spanNs() / 1_000_000,
                growing.samples()),
        List.of(new RelatedEvent("the oldest of them", growing.oldest())));
  }

  @Override
  public String notCheckedBecause(CaptureState state) {
    if (state.losses().any()) {
      return "events were lost: a mapping whose unmap is missing cannot be told from a leak";
    }
    return state.growth().judges()
        ? ""
        : "the capture is too short: growth takes twelve samples, 100 ms and more apart, after the"
            + " warm-up";
  }
}
