package io.dmascope.model.rule;

import io.dmascope.model.event.DmaBufEvent;
import io.dmascope.model.finding.Severity;
import io.dmascope.model.mapping.EventCounts.Family;
import io.dmascope.model.mapping.Op;
import io.dmascope.model.mapping.Transition;
import java.util.List;

/** BUF-001: a dma-buf attachment is detached once. */
@RuleInfo(
    id = "BUF-001",
    title = "dma-buf detached without being attached",
    severity = Severity.WARNING,
    on = Op.DMA_BUF,
    needs = Family.DMA_BUF,
    kernelSource = "drivers/dma-buf/dma-buf.c dma_buf_detach()",
    confidenceNotes =
        "certain where the capture shows an earlier detach; suspect where the attach may lie before the recording or in a"
            + " gap")
final class AttachDetachBalance implements Rule {
  @Override
  public void inspect(Transition t, Findings out) {
    DmaBufEvent buffer = t.buffer();
    boolean before = t.detachedBefore() != null;
    out.report(
        this,
        before ? t.doubtSince(t.detachedBefore()) : t.doubtUnseen(),
        "detaches %s [exp_name=%s] [ino=%d] [size=%d]"
            .formatted(
                before ? "twice" : "what was never attached",
                buffer.exporter(),
                buffer.inode(),
                buffer.sizeBytes()),
        before ? List.of(Evidence.at("detached here", t.detachedBefore())) : List.of());
  }
}
