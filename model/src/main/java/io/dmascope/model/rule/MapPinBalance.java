package io.dmascope.model.rule;

import io.dmascope.model.dmabuf.Refusal;
import io.dmascope.model.event.EventHeader;
import io.dmascope.model.event.ProbeEvent.AttachmentCall;
import io.dmascope.model.finding.RelatedEvent;
import io.dmascope.model.finding.Severity;
import io.dmascope.model.mapping.EventCounts.Family;
import io.dmascope.model.mapping.ImportedBuffer;
import io.dmascope.model.mapping.Op;
import io.dmascope.model.mapping.Premise.NothingLost;
import io.dmascope.model.mapping.Transition;
import java.util.List;

/** BUF-010: what is mapped is unmapped, what is pinned is unpinned, each once and as it was. */
@RuleInfo(
    id = "BUF-010",
    title = "dma-buf maps and pins that do not balance",
    severity = Severity.WARNING,
    on = Op.ATTACHMENT_CALL,
    needs = Family.ATTACHMENT_CALL,
    kernelSource = "drivers/dma-buf/dma-buf.c dma_buf_unmap_attachment()",
    confidenceNotes =
        "certain where the attachment was recorded from its beginning; suspect where events were"
            + " lost since. An attachment whose beginning was not recorded is not judged, but for a"
            + " pin of a static importer")
final class MapPinBalance implements Rule {
  @Override
  public void inspect(Transition t, Findings out) {
    AttachmentCall call = (AttachmentCall) t.probe();
    ImportedBuffer buffer = t.imported();
    if (buffer == null || call.error() != 0) {
      return;
    }
    String wrong = wrong(t, call, buffer);
    if (!wrong.isEmpty()) {
      out.report(
          this,
          List.of(NothingLost.since(buffer.attached())),
          wrong + " " + Buffers.facts(call),
          related(t, buffer));
    }
  }

  private static String wrong(Transition t, AttachmentCall call, ImportedBuffer buffer) {
    boolean counts =
        t.refusal() == Refusal.UNPINNED_TOO_OFTEN
            || t.refusal() == Refusal.UNMAPPED_TOO_OFTEN
            || t.refusal() == Refusal.STATIC_PIN
            || t.refusal() == Refusal.OTHER_DIRECTION
            || t.refusal() == Refusal.DETACHED_WHILE_PINNED;
    if (counts) {
      return t.refusal().words();
    }
    if (t.otherMap() != null && t.refusal() == null && buffer.attachSeen()) {
      return "unmaps a table that this attachment did not map";
    }
    boolean importers = call.op() != AttachmentCall.Op.INVALIDATE && !call.device().isEmpty();
    return !importers || call.device().equals(buffer.device())
        ? ""
        : "%s for another device than attached [attached_for=%s]"
            .formatted(Buffers.does(call), buffer.device());
  }

  private static List<RelatedEvent> related(Transition t, ImportedBuffer buffer) {
    EventHeader map = t.mappedHere() == null ? t.otherMap() : t.mappedHere();
    RelatedEvent attached = Evidence.at("attached here", buffer.attached());
    return map == null ? List.of(attached) : List.of(attached, Evidence.at("mapped here", map));
  }
}
