package io.dmascope.model.rule;

import io.dmascope.model.event.DmaAddress;
import io.dmascope.model.finding.Severity;
import io.dmascope.model.mapping.EventCounts.Family;
import io.dmascope.model.mapping.Op;
import io.dmascope.model.mapping.Sign;
import io.dmascope.model.mapping.Transition;
import java.util.List;

/** DMA-MAP-002: the value that says "no mapping" is handed back as if it were one. */
@RuleInfo(
    id = "DMA-MAP-002",
    title = "error cookie used as an address",
    severity = Severity.ERROR,
    on = {Op.UNMAP, Op.FREE, Op.SYNC},
    signs = Sign.ERROR_ADDRESS,
    needs = {Family.SINGLE, Family.SYNC},
    kernelSource = "kernel/dma/debug.c check_unmap()",
    kernelMessage = "device driver tries to free an invalid DMA memory address",
    confidenceNotes = "always certain: the value is in the event")
final class ErrorCookieUsed implements Rule {
  @Override
  public void inspect(Transition t, Findings out) {
    if (t.dmaAddr() != DmaAddress.ERROR) {
      return;
    }
    out.report(
        this,
        List.of(),
        "%s DMA_MAPPING_ERROR as if it were an address %s"
            .formatted(t.op() == Op.SYNC ? "syncs" : "unmaps", Evidence.where(t)),
        List.of());
  }
}
