package io.dmascope.model.rule;

import io.dmascope.model.event.ProbeEvent.SgTable;
import io.dmascope.model.event.ProbeEvent.SgTable.Stage;
import io.dmascope.model.finding.Severity;
import io.dmascope.model.mapping.EventCounts.Family;
import io.dmascope.model.mapping.Op;
import io.dmascope.model.mapping.Transition;
import io.dmascope.model.scatterlist.Scatterlist;
import java.util.List;

/** DMA-SG-012: the last entry of a list is marked, and links hold nothing but a way on. */
@RuleInfo(
    id = "DMA-SG-012",
    title = "scatterlist that does not end where its count does",
    severity = Severity.ERROR,
    on = Op.SG_TABLE,
    needs = Family.SG_TABLE,
    kernelSource = "lib/scatterlist.c sg_last()",
    confidenceNotes = "always certain: the list was recorded as it lay in memory")
final class SgChainTermination implements Rule {
  @Override
  public void inspect(Transition t, Findings out) {
    SgTable event = (SgTable) t.probe();
    RecordedTable table = new RecordedTable(event);
    if (event.stage() == Stage.BUILDING || table.walked() <= 0) {
      return;
    }
    String wrong = wrongLink(event);
    if (wrong.isEmpty()) {
      wrong = wrongEnd(event, table);
    }
    if (!wrong.isEmpty()) {
      out.report(this, List.of(), wrong + " " + table.facts(), List.of());
    }
  }

  private static String wrongLink(SgTable event) {
    for (int slot = 0; slot < event.slots(); slot++) {
      long link = event.pageLinks().at(slot);
      if ((link & Scatterlist.CHAIN) == 0) {
        continue;
      }
      String slotIs = "[slot=%d] [page_link=0x%x]".formatted(slot, link);
      if ((link & ~(Scatterlist.CHAIN | Scatterlist.END)) == 0) {
        return "a link leads nowhere " + slotIs;
      }
      if ((link & Scatterlist.END) != 0) {
        return "a link is marked as the end " + slotIs;
      }
      if (event.offsets().at(slot) != 0 || event.lengths().at(slot) != 0) {
        return "a link carries an offset or a length " + slotIs;
      }
    }
    return "";
  }

  /** A list that ends too early is {@link SgEndInMiddle}'s. */
  private static String wrongEnd(SgTable event, RecordedTable table) {
    int last = table.walked() - 1;
    if (table.size() > last) {
      return table.isEnd(last)
          ? ""
          : "the last entry is not marked as the end [entry=" + last + "]";
    }
    boolean ends = table.size() > 0 && table.isEnd(table.size() - 1);
    return ends || event.truncated()
        ? ""
        : "the list breaks off before its last entry [entries=" + table.size() + "]";
  }
}
