package io.dmascope.model.rule;

import io.dmascope.model.event.EventHeader;
import io.dmascope.model.finding.Reason;
import io.dmascope.model.finding.Severity;
import io.dmascope.model.mapping.Addresses;
import io.dmascope.model.mapping.EventCounts.Family;
import io.dmascope.model.mapping.Op;
import io.dmascope.model.mapping.Premise;
import io.dmascope.model.mapping.Premise.MadeStands;
import io.dmascope.model.mapping.Premise.NothingLost;
import io.dmascope.model.mapping.Transition;
import java.util.List;

/** DMA-MAP-009: two buffers that devices may write begin in one line of the CPU's cache. */
@RuleInfo(
    id = "DMA-MAP-009",
    title = "cache line shared by two written buffers",
    severity = Severity.WARNING,
    on = {Op.MAP, Op.MAP_SG},
    needs = {Family.SINGLE, Family.SG},
    facts = Fact.CACHE_LINE,
    kernelSource = "kernel/dma/debug.c active_cacheline_insert()",
    kernelMessage = "cacheline tracking EEXIST, overlapping mappings aren't supported",
    confidenceNotes =
        "silent for devices whose accesses the caches snoop, certain for those where they do not,"
            + " suspect where the manifest does not say; suspect where events were lost since, and"
            + " where the driver leaves out unmaps")
final class PhysAliasWrite implements Rule {
  @Override
  public void inspect(Transition t, Findings out) {
    EventHeader since = t.sharesLineSince();
    if (since == null
        || t.state().rig().of(t.device()).coherent().orElse(false)
        || t.sharesLineWith().elidesUnmaps()) {
      return;
    }
    boolean known = t.state().rig().of(t.device()).coherent().isPresent();
    out.report(
        this,
        List.of(
            NothingLost.since(since),
            new MadeStands(t.sharesLineWith(), since),
            Premise.given(known, Reason.MAY_SNOOP)),
        "shares a cache line with a buffer that a device may write %s [phys_addr=%s] [other_device=%s]"
            .formatted(
                Evidence.where(t), Addresses.hex(t.object().physAddr()), t.sharesLineWith().name()),
        List.of(Evidence.at("the other mapped here", since)));
  }
}
