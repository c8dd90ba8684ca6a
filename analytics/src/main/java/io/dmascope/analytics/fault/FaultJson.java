package io.dmascope.analytics.fault;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dmascope.analytics.report.Numbers;
import io.dmascope.analytics.report.Places;
import io.dmascope.model.event.IoPageFault;
import io.dmascope.model.fault.FaultExplanation;
import io.dmascope.model.fault.FaultPiece;
import io.dmascope.model.finding.EventRef;
import java.math.BigInteger;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Explained faults as JSON; a contract ({@code docs/fault.schema.json}), fields are only added. */
public final class FaultJson {
  private FaultJson() {}

  /** Returns the object of one capture. */
  public static ObjectNode of(FaultReport report) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("file", report.facts().file());
    json.put("format", report.facts().format());
    json.put("kernel", report.facts().kernelRelease());
    json.put("faults", report.faults());
    ArrayNode explained = json.putArray("explained");
    report.groups().forEach(group -> group(explained.addObject(), group));
    return json;
  }

  private static void group(ObjectNode json, FaultGroup group) {
    FaultExplanation e = group.first();
    IoPageFault fault = e.fault();
    json.put("device", fault.device());
    json.put("address", Numbers.hex(fault.iova()));
    json.put("access", lower(fault.accessKnown() ? (fault.write() ? "WRITE" : "READ") : "UNKNOWN"));
    json.put("kind", lower(e.kind().name()));
    json.put("confidence", e.doubt().isEmpty() ? "CERTAIN" : "SUSPECT");
    json.put("because", e.doubt());
    event(json.putObject("at"), e.at());
    if (fault.timeErrorNs() == IoPageFault.TIME_UNKNOWN) {
      json.putNull("time_error_ns");
    } else {
      json.put("time_error_ns", fault.timeErrorNs());
    }
    optional(json, "cause", e.cause());
    optional(json, "former", e.former());
    optional(json, "below", e.below());
    optional(json, "elsewhere", group.surroundings().elsewhere());
    pieces(json.putArray("around"), group.surroundings().nearby());
    ArrayNode unknown = json.putArray("unknown");
    e.unknown().forEach(unknown::add);
    json.put("count", group.count());
    event(json.putObject("last"), group.last());
    json.put("lowest_address", Numbers.hex(group.lowestIova()));
    json.put("highest_address", Numbers.hex(group.highestIova()));
  }

  private static void optional(ObjectNode json, String name, Optional<FaultPiece> piece) {
    if (piece.isPresent()) {
      piece(json.putObject(name), piece.get());
    } else {
      json.putNull(name);
    }
  }

  private static void pieces(ArrayNode json, List<FaultPiece> pieces) {
    pieces.forEach(piece -> piece(json.addObject(), piece));
  }

  private static void piece(ObjectNode json, FaultPiece piece) {
    json.put("device", piece.device());
    json.put("address", Numbers.hex(piece.addr()));
    json.put("size", unsigned(piece.sizeBytes()));
    json.put("kind", piece.kind().debugName());
    json.put("direction", piece.direction().name());
    json.put("live", piece.live());
    json.put("instances", piece.instances());
    json.put("entries", piece.entries());
    event(json.putObject("mapped"), piece.mapped());
    if (piece.ended().isPresent()) {
      event(json.putObject("ended"), piece.ended().get());
    } else {
      json.putNull("ended");
    }
  }

  private static void event(ObjectNode json, EventRef at) {
    json.put("sequence", at.sequence());
    json.put("timestamp_ns", unsigned(at.timestampNs()));
    json.put("cpu", at.cpu());
    json.put("pid", at.pid());
    json.put("comm", at.comm());
    json.put("place", Places.number(at));
    if (Places.isBeside(at)) {
      json.put("companion", Places.companion(at));
    }
  }

  private static BigInteger unsigned(long value) {
    return new BigInteger(Long.toUnsignedString(value));
  }

  private static String lower(String name) {
    return name.toLowerCase(Locale.ROOT);
  }
}
