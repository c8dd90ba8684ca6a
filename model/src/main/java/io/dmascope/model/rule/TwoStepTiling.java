package io.dmascope.model.rule;

import io.dmascope.model.event.ProbeEvent.IovaCall;
import io.dmascope.model.finding.Reason;
import io.dmascope.model.finding.Severity;
import io.dmascope.model.mapping.Addresses;
import io.dmascope.model.mapping.EventCounts.Family;
import io.dmascope.model.mapping.IovaTransactions;
import io.dmascope.model.mapping.Op;
import io.dmascope.model.mapping.Premise;
import io.dmascope.model.mapping.Premise.NothingLost;
import io.dmascope.model.mapping.Transition;
import java.util.List;

/** IOV-008: the links of a two-step mapping tile its address range. */
@RuleInfo(
    id = "IOV-008",
    title = "links of a two-step mapping do not tile",
    severity = Severity.ERROR,
    on = Op.IOVA_CALL,
    needs = Family.IOVA_CALL,
    kernelSource = "drivers/iommu/dma-iommu.c dma_iova_link()",
    confidenceNotes =
        "certain for a begin inside a page and for a gap, where nothing was lost since the"
            + " transaction began; suspect for an overlap, since recorders do not see every unlink;"
            + " silent for transactions that began before the recording")
final class TwoStepTiling implements Rule {
  @Override
  public void inspect(Transition t, Findings out) {
    if (t.iovaFault() == null) {
      return;
    }
    IovaCall call = (IovaCall) t.probe();
    out.report(
        this,
        List.of(
            NothingLost.since(t.begunAt()),
            Premise.given(t.iovaFault() != IovaTransactions.Fault.OVERLAP, Reason.NO_UNLINK)),
        "%s [iova=%s] [offset=%d] [size=%d]"
            .formatted(
                words(t.iovaFault()), Addresses.hex(call.iova()), call.offset(), call.sizeBytes()),
        List.of(Evidence.at("address range taken here", t.begunAt())));
  }

  private static String words(IovaTransactions.Fault fault) {
    return switch (fault) {
      case OVERLAP -> "links what is linked already";
      case UNALIGNED -> "a link begins inside a page";
      case GAP -> "makes visible to the device what is not linked";
    };
  }
}
