package io.dmascope.model.rule;

import io.dmascope.model.event.ProbeEvent;
import io.dmascope.model.event.ProbeEvent.AttachmentCall;
import io.dmascope.model.event.ProbeEvent.BufferAccess;
import io.dmascope.model.finding.Reason;
import io.dmascope.model.finding.Severity;
import io.dmascope.model.mapping.EventCounts.Family;
import io.dmascope.model.mapping.ImportedBuffer;
import io.dmascope.model.mapping.Op;
import io.dmascope.model.mapping.Premise;
import io.dmascope.model.mapping.Premise.NothingLost;
import io.dmascope.model.mapping.Transition;
import java.util.List;

/** BUF-006: once a buffer has moved and its fences have retired, an importer writes no more. */
@RuleInfo(
    id = "BUF-006",
    title = "device writes to a dma-buf that has moved",
    severity = Severity.ERROR,
    on = {Op.BUFFER_ACCESS, Op.ATTACHMENT_CALL},
    needs = {Family.BUFFER_ACCESS, Family.ATTACHMENT_CALL},
    kernelSource = "drivers/dma-buf/dma-buf.c dma_buf_invalidate_mappings()",
    confidenceNotes =
        "certain where invalidation, fences and write were recorded; suspect where events were lost"
            + " in between, and for a late unmap, since no bound is written down")
final class DmaAfterInvalidate implements Rule {
  /** "In bounded time" is all that the contract says; a driver that needs longer hangs. */
  private static final long UNMAP_BOUND_NS = 10_000_000_000L;

  @Override
  public void inspect(Transition t, Findings out) {
    ImportedBuffer buffer = t.imported();
    if (buffer == null || buffer.invalidated() == null) {
      return;
    }
    switch (t.probe()) {
      case BufferAccess access when access.kind() == BufferAccess.Kind.DEVICE ->
          inspect(access, buffer, out);
      case AttachmentCall call when call.op() == AttachmentCall.Op.UNMAP ->
          inspect(call, buffer, t, out);
      case ProbeEvent _ -> {}
    }
  }

  private void inspect(BufferAccess access, ImportedBuffer buffer, Findings out) {
    if (access.direction().deviceWrites() && !buffer.mayWrite()) {
      out.report(
          this,
          List.of(NothingLost.since(buffer.invalidated())),
          "the device writes to where the buffer was " + Buffers.facts(access),
          List.of(
              Evidence.at("invalidated here", buffer.invalidated()),
              Evidence.at("fences retired here", buffer.fencesRetired())));
    }
  }

  private void inspect(AttachmentCall call, ImportedBuffer buffer, Transition t, Findings out) {
    long tookNs = t.header().timestampNs() - buffer.invalidated().timestampNs();
    if (tookNs > UNMAP_BOUND_NS) {
      out.report(
          this,
          Severity.INFO,
          List.of(Premise.unknowable(Reason.NO_BOUND)),
          "unmaps a buffer %d s after it moved %s"
              .formatted(tookNs / 1_000_000_000L, Buffers.facts(call)),
          List.of(Evidence.at("invalidated here", buffer.invalidated())));
    }
  }
}
