package io.dmascope.analytics.whatif;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dmascope.model.backend.BackendCounters;
import io.dmascope.model.scatterlist.EntryForm;
import io.dmascope.model.whatif.PlanSteps;
import io.dmascope.model.whatif.ScenarioResult;
import java.util.Map;
import java.util.TreeMap;

/**
 * A comparison as a JSON object; fields are only ever added. Sizes are bytes, times nanoseconds.
 */
public final class WhatIfJson {
  private WhatIfJson() {}

  /** Returns the object of one capture. */
  public static ObjectNode of(WhatIfReport report) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("file", report.file());
    json.putObject("workload")
        .put("maps", report.workload().maps())
        .put("lists", report.workload().lists())
        .put("coherent_allocations", report.workload().allocations())
        .put("left_out", report.workload().leftOut())
        .put("bytes", report.workload().bytes())
        .put("never_unmapped", report.workload().neverUnmapped());
    ArrayNode scenarios = json.putArray("scenarios");
    report.results().forEach(result -> scenario(scenarios.addObject(), report, result));
    ArrayNode plan = json.putArray("plan");
    for (PlanSteps.Row row : report.plan()) {
      plan.addObject()
          .put("step", row.step())
          .put("what", row.what())
          .put("measure", row.measure())
          .put("before", row.before())
          .put("after", row.after());
    }
    return json;
  }

  private static void scenario(ObjectNode json, WhatIfReport report, ScenarioResult result) {
    BackendCounters counters = result.counters();
    json.put("scenario", result.scenario().label());
    json.put("backend", result.scenario().backend().label());
    json.put("maps", counters.mappings());
    ObjectNode failures = json.putObject("failures");
    new TreeMap<>(counters.failures())
        .forEach((errno, times) -> failures.put(errno.name(), times.longValue()));
    json.put("input_entries", counters.inputEntries());
    json.put("output_entries", counters.outputEntries());
    json.put("mapped_bytes", counters.mappedBytes());
    json.put("exposed_padding_bytes", counters.paddingBytes());
    json.putObject("iova")
        .put("taken_bytes", counters.iovaBytes())
        .put("peak_bytes", result.iova().peakBytes())
        .put("held_peak_bytes", result.iova().heldBytes())
        .put("span_bytes", result.iova().spanBytes())
        .put("fragmentation", result.iova().fragmentation())
        .put("stale_ns_mean", result.iova().staleNsMean())
        .put("stale_ns_max", result.iova().staleNsMax());
    json.put("coherent_bytes", counters.allocatedBytes());
    json.put("iommu_map_calls", counters.pageTableRuns());
    bySize(json.putObject("page_table_entries_set"), counters.entriesSet());
    bySize(json.putObject("page_table_entries_cleared"), counters.entriesCleared());
    json.put("iotlb_range_invalidations", counters.rangeInvalidations());
    json.put("iotlb_full_flushes", counters.fullFlushes());
    json.putObject("bounce")
        .put("buffers", counters.bounces())
        .put("bytes_in", counters.bounceBytesIn())
        .put("bytes_out", counters.bounceBytesOut())
        .put("slots_peak", result.slotsMax());
    ObjectNode forms = json.putObject("forms");
    for (EntryForm form : report.formsOf(result)) {
      ScenarioResult.FormCost cost = result.forms().get(form);
      forms
          .putObject(form.label())
          .put("metadata_bytes", cost.metadataBytes())
          .put("entries_visited", cost.visits());
    }
  }

  private static void bySize(ObjectNode json, Map<Long, Long> entries) {
    entries.forEach((bytes, count) -> json.put(WhatIfTables.size(bytes), count.longValue()));
  }
}
