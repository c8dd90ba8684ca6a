package io.dmascope.model.rule;

import io.dmascope.model.event.DmaAttrs;
import io.dmascope.model.event.U64List;
import io.dmascope.model.finding.MappingKind;
import io.dmascope.model.finding.Reason;
import io.dmascope.model.finding.Severity;
import io.dmascope.model.mapping.EventCounts.Family;
import io.dmascope.model.mapping.Op;
import io.dmascope.model.mapping.Premise;
import io.dmascope.model.mapping.Sign;
import io.dmascope.model.mapping.Tasks;
import io.dmascope.model.mapping.Transition;
import java.util.List;

/** SWT-005: a copy stands in for memory that must not be copied. */
@RuleInfo(
    id = "SWT-005",
    title = "bounced what must not be copied",
    severity = Severity.ERROR,
    on = {Op.MAP, Op.MAP_SG},
    signs = Sign.BOUNCED,
    needs = Family.BOUNCE,
    kernelSource = "kernel/dma/direct.h dma_direct_map_phys()",
    confidenceNotes =
        "certain where the bounce names the mapping's own buffer; suspect where only the task and"
            + " the device agree")
final class CoherentRequiredBounced implements Rule {
  @Override
  public void inspect(Transition t, Findings out) {
    Tasks.Bounce bounce = t.bounce();
    boolean device = t.kind() == MappingKind.RESOURCE || (t.attrs() & DmaAttrs.MMIO) != 0;
    boolean coherent = (t.attrs() & DmaAttrs.REQUIRE_COHERENT) != 0;
    if (bounce == null || (!device && !coherent)) {
      return;
    }
    boolean own =
        t.op() == Op.MAP_SG
            ? among(t.object().physAddrs(), bounce.deviceAddr())
            : t.object().physAddr() == bounce.deviceAddr();
    out.report(
        this,
        List.of(Premise.given(own, Reason.OTHER_BOUNCE)),
        "%s was mapped through a bounce buffer %s"
            .formatted(
                device ? "device memory" : "memory that has to stay coherent", Evidence.where(t)),
        List.of(Evidence.at("bounced here", bounce.header())));
  }

  private static boolean among(U64List addrs, long addr) {
    for (int i = 0; i < addrs.size(); i++) {
      if (addrs.at(i) == addr) {
        return true;
      }
    }
    return false;
  }
}
