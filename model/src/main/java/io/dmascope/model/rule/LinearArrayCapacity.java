package io.dmascope.model.rule;

import io.dmascope.model.consumer.GpuPages;
import io.dmascope.model.event.ProbeEvent.PageArray;
import io.dmascope.model.finding.Severity;
import io.dmascope.model.mapping.EventCounts.Family;
import io.dmascope.model.mapping.Op;
import io.dmascope.model.mapping.Transition;
import java.util.List;

/** GPU-001: a table fits the array of page addresses that it is laid out in. */
@RuleInfo(
    id = "GPU-001",
    title = "table that does not fit an array of pages",
    severity = Severity.ERROR,
    on = Op.PAGE_ARRAY,
    needs = Family.PAGE_ARRAY,
    kernelSource = "drivers/gpu/drm/drm_prime.c drm_prime_sg_to_dma_addr_array()",
    confidenceNotes = "always certain: the table and the array's size are recorded")
final class LinearArrayCapacity implements Rule {
  @Override
  public void inspect(Transition t, Findings out) {
    PageArray array = (PageArray) t.probe();
    GpuPages.misfit(array.dmaAddrs(), array.lengths(), array.maxEntries())
        .ifPresent(
            why ->
                out.report(
                    this,
                    List.of(),
                    "%s [entries=%d] [max_entries=%d]"
                        .formatted(why, array.dmaAddrs().size(), array.maxEntries()),
                    List.of()));
  }
}
