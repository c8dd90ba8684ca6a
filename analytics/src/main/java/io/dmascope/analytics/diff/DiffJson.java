package io.dmascope.analytics.diff;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dmascope.analytics.diff.FindingDiff.Row;
import io.dmascope.analytics.diff.FindingDiff.State;
import java.util.Locale;

/** A comparison as a JSON object ({@code docs/diff.md}); fields are only ever added. */
public final class DiffJson {
  private DiffJson() {}

  /** Returns the object. */
  public static ObjectNode of(FindingDiff diff) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    side(json.putObject("before"), diff.before());
    side(json.putObject("after"), diff.after());
    ObjectNode counts = json.putObject("counts");
    for (State state : State.values()) {
      counts.put(name(state), diff.count(state));
    }
    ArrayNode rows = json.putArray("findings");
    for (Row row : diff.rows()) {
      rows.addObject()
          .put("state", name(row.state()))
          .put("fingerprint", row.fingerprint())
          .put("rule", row.rule())
          .put("severity", row.severity())
          .put("device", row.device())
          .put("message", row.message())
          .put("confidence", row.certain() ? "CERTAIN" : "SUSPECT")
          .put("before", row.countBefore())
          .put("after", row.countAfter())
          .put("checked_before", row.checkedBefore());
    }
    return json;
  }

  private static void side(ObjectNode json, FindingSet set) {
    json.put("file", set.name()).put("kernel", set.kernels());
  }

  private static String name(State state) {
    return state.name().toLowerCase(Locale.ROOT);
  }
}
