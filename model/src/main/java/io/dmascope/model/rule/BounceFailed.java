package io.dmascope.model.rule;

import io.dmascope.model.finding.Severity;
import io.dmascope.model.mapping.Addresses;
import io.dmascope.model.mapping.EventCounts.Family;
import io.dmascope.model.mapping.Op;
import io.dmascope.model.mapping.Transition;
import java.util.List;

/**
 * SWT-004: a mapping was to bounce and failed: the pool is full, or the buffer too large for it.
 */
@RuleInfo(
    id = "SWT-004",
    title = "bounce buffer could not be had",
    severity = Severity.WARNING,
    on = Op.MAP_FAILED,
    needs = Family.BOUNCE,
    kernelSource = "kernel/dma/swiotlb.c swiotlb_map()",
    kernelMessage = "swiotlb buffer is full (sz: %zd bytes), total %lu (slots), used %lu (slots)",
    confidenceNotes = "always certain: the bounce and the failure stand on one task")
final class BounceFailed implements Rule {
  @Override
  public void inspect(Transition t, Findings out) {
    if (t.bounce() == null) {
      return;
    }
    out.report(
        this,
        List.of(),
        "bounced and failed: the swiotlb pool is full or the buffer too large [size=%s] [phys_addr=%s]"
            .formatted(
                Long.toUnsignedString(t.sizeBytes()), Addresses.hex(t.bounce().deviceAddr())),
        List.of(Evidence.at("bounced here", t.bounce().header())));
  }
}
