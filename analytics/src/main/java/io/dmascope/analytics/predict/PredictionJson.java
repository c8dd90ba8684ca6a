package io.dmascope.analytics.predict;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dmascope.model.backend.DeviceParameters;
import io.dmascope.model.backend.IommuParameters.AddressRange;
import io.dmascope.model.predict.CaptureParameters;
import io.dmascope.model.predict.DeviceFacts;
import io.dmascope.model.predict.IovaReport;
import io.dmascope.model.predict.PredictionReport;
import java.util.Locale;

/** A prediction report as a JSON object; fields are only ever added. */
public final class PredictionJson {
  private PredictionJson() {}

  /** Returns the object of one capture. */
  public static ObjectNode of(String file, PredictionReport report) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("file", file);
    json.put("maps", report.events());
    json.put("exact", report.exact());
    json.put("exact_prefix", report.exactPrefix());
    json.put("different", report.different());
    ObjectNode unpredicted = json.putObject("unpredicted");
    report
        .unpredicted()
        .forEach((reason, count) -> unpredicted.put(lower(reason), count.longValue()));
    addresses(json.putObject("bounce_addresses"), report.bounceAddresses());
    iovas(json.putObject("iovas"), report.iovas());
    ArrayNode rows = json.putArray("rows");
    for (PredictionReport.Row row : report.rows()) {
      ObjectNode node =
          rows.addObject()
              .put("device", row.device())
              .put("backend", lower(row.backend()))
              .put("call", lower(row.call()))
              .put("exact", row.exact())
              .put("exact_prefix", row.exactPrefix())
              .put("different", row.different());
      ObjectNode reasons = node.putObject("unpredicted");
      row.unpredicted().forEach((reason, count) -> reasons.put(lower(reason), count.longValue()));
    }
    ArrayNode differences = json.putArray("differences");
    for (PredictionReport.Difference difference : report.differences()) {
      differences
          .addObject()
          .put("sequence", difference.sequence())
          .put("place", difference.place())
          .put("device", difference.device())
          .put("call", lower(difference.call()))
          .put("what", difference.what());
    }
    parameters(json.putObject("parameters"), report.parameters());
    return json;
  }

  private static void addresses(ObjectNode json, PredictionReport.Addresses addresses) {
    json.put("asked", addresses.asked()).put("predicted", addresses.predicted());
  }

  private static void iovas(ObjectNode json, IovaReport iovas) {
    json.put("asked", iovas.addresses())
        .put("predicted", iovas.exact())
        .put("different", iovas.different())
        .put("flush_policy", lower(iovas.policy()));
    ObjectNode unknown = json.putObject("unpredicted");
    iovas.unknown().forEach((why, count) -> unknown.put(lower(why), count.longValue()));
    ArrayNode misses = json.putArray("misses");
    for (IovaReport.Miss miss : iovas.misses()) {
      misses
          .addObject()
          .put("sequence", miss.sequence())
          .put("device", miss.device())
          .put("predicted", hex(miss.predicted()))
          .put("recorded", hex(miss.recorded()))
          .put("cause", lower(miss.cause()));
    }
    ArrayNode windows = json.putArray("inferred_windows");
    for (AddressRange window : iovas.windows()) {
      windows.addObject().put("first", hex(window.first())).put("last", hex(window.last()));
    }
  }

  private static void parameters(ObjectNode json, CaptureParameters parameters) {
    json.put("granule", parameters.granule());
    json.put("granule_origin", lower(parameters.granuleOrigin()));
    parameters
        .pool()
        .ifPresent(
            pool ->
                json.putObject("bounce_pool")
                    .put("start", hex(pool.startAddr()))
                    .put("slots", pool.slots())
                    .put("origin", lower(pool.origin()))
                    .put("slots_origin", lower(pool.slotsOrigin())));
    ArrayNode devices = json.putArray("devices");
    parameters
        .byName()
        .forEach(
            (name, facts) -> {
              DeviceParameters device = facts.parameters();
              ObjectNode node = devices.addObject().put("name", name);
              value(node, "max_segment_size", device.maxSegmentSize(), facts.maxSegmentSize());
              value(
                  node,
                  "segment_boundary_mask",
                  device.segmentBoundaryMask(),
                  facts.segmentBoundary());
              value(node, "min_align_mask", device.minAlignMask(), facts.minAlign());
              value(node, "dma_mask", device.dmaMask(), facts.dmaMask());
            });
  }

  private static void value(ObjectNode json, String name, long value, DeviceFacts.Source source) {
    json.putObject(name)
        .put("value", hex(value))
        .put("origin", lower(source.origin()))
        .put("note", source.note());
  }

  private static String hex(long value) {
    return "0x" + Long.toHexString(value);
  }

  private static String lower(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }
}
