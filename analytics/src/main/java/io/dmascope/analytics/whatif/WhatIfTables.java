package io.dmascope.analytics.whatif;

import io.dmascope.model.backend.BackendCounters;
import io.dmascope.model.scatterlist.EntryForm;
import io.dmascope.model.whatif.PlanSteps;
import io.dmascope.model.whatif.ScenarioResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** The tables of a comparison, for every way it is shown. */
final class WhatIfTables {
  private WhatIfTables() {}

  static List<Table> of(WhatIfReport report) {
    List<Table> tables = new ArrayList<>();
    tables.add(entries(report));
    if (report.results().stream().anyMatch(result -> result.scenario().isTranslated())) {
      tables.add(translation(report));
    }
    if (report.results().stream().anyMatch(result -> result.counters().bounces() > 0)) {
      tables.add(bouncing(report));
    }
    tables.add(forms(report));
    tables.add(plan(report));
    return tables;
  }

  private static Table entries(WhatIfReport report) {
    Table table =
        new Table(
            "Entries", "scenario", "maps", "failed", "in", "out", "out/in", "bytes", "exposed");
    for (ScenarioResult result : report.results()) {
      BackendCounters counters = result.counters();
      double ratio =
          counters.inputEntries() == 0
              ? 1
              : (double) counters.outputEntries() / counters.inputEntries();
      table.row(
          List.of(
              result.scenario().label(),
              count(counters.mappings()),
              failures(counters),
              count(counters.inputEntries()),
              count(counters.outputEntries()),
              String.format(Locale.ROOT, "%.3f", ratio),
              count(counters.mappedBytes()),
              count(counters.paddingBytes())));
    }
    return table;
  }

  private static String failures(BackendCounters counters) {
    if (counters.failureCount() == 0) {
      return "0";
    }
    StringBuilder text = new StringBuilder();
    new TreeMap<>(counters.failures())
        .forEach((errno, times) -> text.append(count(times)).append(' ').append(errno).append(' '));
    return text.toString().strip();
  }

  private static Table translation(WhatIfReport report) {
    Table table =
        new Table(
            "I/O virtual space and page tables",
            "scenario",
            "iova taken",
            "peak",
            "held",
            "span",
            "unused",
            "iommu_map",
            "entries set",
            "invalidations",
            "full flushes",
            "stale mean",
            "stale max");
    for (ScenarioResult result : report.results()) {
      if (!result.scenario().isTranslated()) {
        continue;
      }
      BackendCounters counters = result.counters();
      table.row(
          List.of(
              result.scenario().label(),
              count(counters.iovaBytes()),
              count(result.iova().peakBytes()),
              count(result.iova().heldBytes()),
              count(result.iova().spanBytes()),
              String.format(Locale.ROOT, "%.0f %%", 100 * result.iova().fragmentation()),
              count(counters.pageTableRuns()),
              bySize(counters.entriesSet()),
              count(counters.rangeInvalidations()),
              count(counters.fullFlushes()),
              milliseconds(result.iova().staleNsMean()),
              milliseconds(result.iova().staleNsMax())));
    }
    return table;
  }

  private static Table bouncing(WhatIfReport report) {
    Table table =
        new Table(
            "Bounce buffers", "scenario", "bounces", "copied in", "copied back", "slots at peak");
    for (ScenarioResult result : report.results()) {
      BackendCounters counters = result.counters();
      if (counters.bounces() > 0) {
        table.row(
            List.of(
                result.scenario().label(),
                count(counters.bounces()),
                count(counters.bounceBytesIn()),
                count(counters.bounceBytesOut()),
                count(result.slotsMax())));
      }
    }
    return table;
  }

  private static Table forms(WhatIfReport report) {
    Table table =
        new Table("Lists written down as", "scenario", "form", "bytes", "entries visited");
    for (ScenarioResult result : report.results()) {
      for (EntryForm form : report.formsOf(result)) {
        ScenarioResult.FormCost cost = result.forms().get(form);
        table.row(
            List.of(
                result.scenario().label(),
                form.label(),
                count(cost.metadataBytes()),
                count(cost.visits())));
      }
    }
    return table;
  }

  private static Table plan(WhatIfReport report) {
    Table table =
        new Table("The plan of 2020, step by step", "step", "measure", "before", "after", "saved");
    for (PlanSteps.Row row : report.plan()) {
      table.row(
          List.of(
              row.step() + " " + row.what(),
              row.measure(),
              count(row.before()),
              count(row.after()),
              row.before() == 0
                  ? "-"
                  : String.format(
                      Locale.ROOT,
                      "%.0f %%",
                      100.0 * (row.before() - row.after()) / row.before())));
    }
    return table;
  }

  private static String bySize(SortedMap<Long, Long> entries) {
    StringBuilder text = new StringBuilder();
    for (Map.Entry<Long, Long> entry : entries.entrySet()) {
      text.append(text.isEmpty() ? "" : " + ")
          .append(count(entry.getValue()))
          .append(" x ")
          .append(size(entry.getKey()));
    }
    return text.isEmpty() ? "0" : text.toString();
  }

  static String size(long bytes) {
    if (bytes >= 1 << 30) {
      return (bytes >> 30) + "G";
    }
    return bytes >= 1 << 20 ? (bytes >> 20) + "M" : (bytes >> 10) + "K";
  }

  static String count(long value) {
    return String.format(Locale.ROOT, "%,d", value);
  }

  private static String milliseconds(long ns) {
    return String.format(Locale.ROOT, "%.2f ms", ns / 1e6);
  }
}
