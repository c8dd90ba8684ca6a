package io.dmascope.model.rule;

import io.dmascope.model.finding.Severity;
import io.dmascope.model.mapping.EventCounts.Family;
import io.dmascope.model.mapping.MappedObject;
import io.dmascope.model.mapping.Op;
import io.dmascope.model.mapping.Premise.NothingLost;
import io.dmascope.model.mapping.Sign;
import io.dmascope.model.mapping.Transition;
import java.util.List;

/** DMA-MAP-010: a driver asks whether the mapping worked before it uses the address. */
@RuleInfo(
    id = "DMA-MAP-010",
    title = "mapping used without asking whether it worked",
    severity = Severity.WARNING,
    on = Op.UNMAP,
    signs = Sign.UNCHECKED,
    needs = Family.MAPPING_ERROR_CHECK,
    kernelSource = "kernel/dma/debug.c check_unmap()",
    kernelMessage = "device driver failed to check map error",
    confidenceNotes =
        "certain where the recorder watched over the whole life of the mapping; suspect where"
            + " events were lost during it")
final class MapErrorUnchecked implements Rule {
  @Override
  public void inspect(Transition t, Findings out) {
    MappedObject object = t.object();
    // Of several mappings at one address it cannot be told which one was asked about.
    boolean alone =
        object != null
            && t.alone()
            && t.unchecked() != null
            && object.firstMapped().sequence() == t.unchecked().sequence();
    if (alone) {
      out.report(
          this,
          List.of(NothingLost.since(t.unchecked())),
          "unmaps an address that was never given to dma_mapping_error() " + Evidence.where(t),
          Evidence.mapped(object));
    }
  }
}
