package io.dmascope.model.rule;

import io.dmascope.model.dmabuf.Refusal;
import io.dmascope.model.event.DmaBufEvent;
import io.dmascope.model.event.EventHeader;
import io.dmascope.model.event.ProbeEvent.AttachmentCall;
import io.dmascope.model.finding.Severity;
import io.dmascope.model.mapping.EventCounts.Family;
import io.dmascope.model.mapping.Op;
import io.dmascope.model.mapping.Premise.NeverMade;
import io.dmascope.model.mapping.Premise.NothingLost;
import io.dmascope.model.mapping.Transition;
import java.util.List;

/** BUF-001: a dma-buf attachment is detached once. */
@RuleInfo(
    id = "BUF-001",
    title = "dma-buf detached without being attached",
    severity = Severity.WARNING,
    on = {Op.DMA_BUF, Op.ATTACHMENT_CALL},
    needs = {Family.DMA_BUF, Family.ATTACHMENT_CALL},
    kernelSource = "drivers/dma-buf/dma-buf.c dma_buf_detach()",
    confidenceNotes =
        "certain where the capture shows an earlier detach; suspect where the attach may lie before"
            + " the recording or in a gap")
final class AttachDetachBalance implements Rule {
  @Override
  public void inspect(Transition t, Findings out) {
    if (t.op() == Op.DMA_BUF) {
      DmaBufEvent buffer = t.buffer();
      report(t, out, t.detachedBefore(), buffer.exporter(), buffer.inode(), buffer.sizeBytes());
    } else if (isSecondDetach(t) && !t.state().counts().seen(Family.DMA_BUF)) {
      AttachmentCall call = (AttachmentCall) t.probe();
      report(t, out, t.detachedBefore(), call.exporter(), call.inode(), 0);
    }
  }

  private static boolean isSecondDetach(Transition t) {
    return t.refusal() == Refusal.NOT_ATTACHED
        && ((AttachmentCall) t.probe()).op() == AttachmentCall.Op.DETACH;
  }

  private void report(
      Transition t, Findings out, EventHeader before, String exporter, long inode, long sizeBytes) {
    out.report(
        this,
        List.of(before == null ? new NeverMade(t.device(), false) : NothingLost.since(before)),
        "detaches %s [exp_name=%s] [ino=%d]%s"
            .formatted(
                before == null ? "what was never attached" : "twice",
                exporter,
                inode,
                sizeBytes == 0 ? "" : " [size=%d]".formatted(sizeBytes)),
        before == null ? List.of() : List.of(Evidence.at("detached here", before)));
  }
}
