package io.dmascope.model.rule;

import io.dmascope.model.event.EventHeader;
import io.dmascope.model.event.ProbeEvent.BufferAccess;
import io.dmascope.model.finding.Severity;
import io.dmascope.model.mapping.EventCounts.Family;
import io.dmascope.model.mapping.Op;
import io.dmascope.model.mapping.Premise;
import io.dmascope.model.mapping.Premise.NeverOpened;
import io.dmascope.model.mapping.Premise.NothingLost;
import io.dmascope.model.mapping.Transition;
import java.util.List;

/** BUF-009: the CPU accesses a buffer between begin and end only. */
@RuleInfo(
    id = "BUF-009",
    title = "CPU access to a dma-buf outside of its brackets",
    severity = Severity.WARNING,
    on = Op.BUFFER_ACCESS,
    needs = Family.BUFFER_ACCESS,
    kernelSource = "drivers/dma-buf/dma-buf.c dma_buf_begin_cpu_access()",
    confidenceNotes =
        "certain where brackets of the buffer were recorded before; suspect where one may have been"
            + " opened before the recording, or events were lost")
final class CpuAccessBracket implements Rule {
  @Override
  public void inspect(Transition t, Findings out) {
    BufferAccess access = (BufferAccess) t.probe();
    if (access.kind() != BufferAccess.Kind.CPU || t.bracket().covers(access.direction())) {
      return;
    }
    EventHeader closed = t.bracket().closed();
    boolean otherDirection = t.bracket().isOpen();
    out.report(
        this,
        premises(closed, otherDirection),
        "the CPU %s a buffer %s %s"
            .formatted(
                verb(access),
                otherDirection
                    ? "that is open for the other direction"
                    : "without begin_cpu_access",
                Buffers.facts(access)),
        closed == null ? List.of() : List.of(Evidence.at("last closed here", closed)));
  }

  private static List<Premise> premises(EventHeader closed, boolean otherDirection) {
    return closed != null || otherDirection
        ? List.of(NothingLost.ever())
        : List.of(NothingLost.ever(), new NeverOpened());
  }

  private static String verb(BufferAccess access) {
    return switch (access.direction()) {
      case FROM_DEVICE -> "reads";
      case TO_DEVICE -> "writes";
      case BIDIRECTIONAL, NONE, UNKNOWN -> "accesses";
    };
  }
}
