package io.dmascope.model.rule;

import io.dmascope.model.dmabuf.Refusal;
import io.dmascope.model.event.EventHeader;
import io.dmascope.model.event.ProbeEvent.AttachmentCall;
import io.dmascope.model.finding.Severity;
import io.dmascope.model.mapping.EventCounts.Family;
import io.dmascope.model.mapping.Op;
import io.dmascope.model.mapping.Premise.NothingLost;
import io.dmascope.model.mapping.Transition;
import java.util.List;

/** BUF-002: a buffer is mapped while it is attached. */
@RuleInfo(
    id = "BUF-002",
    title = "dma-buf mapped outside of its attachment",
    severity = Severity.WARNING,
    on = Op.ATTACHMENT_CALL,
    needs = Family.ATTACHMENT_CALL,
    kernelSource = "drivers/dma-buf/dma-buf.c dma_buf_detach()",
    confidenceNotes =
        "certain where attach and detach were recorded; suspect where events were lost in between."
            + " An attachment whose beginning was not recorded is not judged")
final class MapInsideAttach implements Rule {
  @Override
  public void inspect(Transition t, Findings out) {
    AttachmentCall call = (AttachmentCall) t.probe();
    if (t.refusal() == Refusal.DETACHED_WHILE_MAPPED) {
      EventHeader mapped = t.imported().mapped();
      out.report(
          this,
          List.of(NothingLost.since(mapped == null ? t.imported().attached() : mapped)),
          "detaches a buffer that is still mapped " + Buffers.facts(call),
          mapped == null ? List.of() : List.of(Evidence.at("mapped here", mapped)));
    } else if (t.refusal() == Refusal.NOT_ATTACHED && isImporters(call)) {
      EventHeader detached = t.detachedBefore();
      out.report(
          this,
          List.of(NothingLost.since(detached)),
          "%s through an attachment that was detached %s"
              .formatted(Buffers.does(call), Buffers.facts(call)),
          List.of(Evidence.at("detached here", detached)));
    }
  }

  /** A second detach is {@link AttachDetachBalance}'s; to invalidate is the exporter's. */
  private static boolean isImporters(AttachmentCall call) {
    return call.op() != AttachmentCall.Op.DETACH && call.op() != AttachmentCall.Op.INVALIDATE;
  }
}
