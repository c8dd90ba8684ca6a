package io.dmascope.model.rule;

import io.dmascope.model.dmabuf.AttachmentOp;
import io.dmascope.model.dmabuf.Refusal;
import io.dmascope.model.event.ProbeEvent.AttachmentCall;
import io.dmascope.model.event.ProbeEvent.AttachmentCall.ResvLock;
import io.dmascope.model.finding.Severity;
import io.dmascope.model.mapping.EventCounts.Family;
import io.dmascope.model.mapping.Op;
import io.dmascope.model.mapping.Transition;
import java.util.List;

/** BUF-007: some calls want the reservation lock held, the others want it free. */
@RuleInfo(
    id = "BUF-007",
    title = "dma-buf call with the reservation lock wrong",
    severity = Severity.WARNING,
    on = Op.ATTACHMENT_CALL,
    needs = Family.ATTACHMENT_CALL,
    kernelSource = "drivers/dma-buf/dma-buf.c dma_buf_map_attachment()",
    kernelMessage = "WARNING: possible recursive locking detected",
    confidenceNotes = "always certain: the recorder looks at the lock's owner")
final class ResvLockRule implements Rule {
  @Override
  public void inspect(Transition t, Findings out) {
    AttachmentCall call = (AttachmentCall) t.probe();
    boolean wanted = AttachmentOp.valueOf(call.op().name()).isUnderReservationLock();
    boolean held = call.resv() == ResvLock.CALLER;
    if (call.resv() != ResvLock.UNKNOWN && held != wanted) {
      Refusal refusal = held ? Refusal.LOCK_HELD : Refusal.LOCK_NOT_HELD;
      out.report(
          this,
          List.of(),
          "%s, %s [resv=%s] %s"
              .formatted(Buffers.does(call), refusal.words(), call.resv(), Buffers.facts(call)),
          List.of());
    }
  }
}
