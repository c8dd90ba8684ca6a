package io.dmascope.analytics;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dmascope.model.rule.RuleCatalogue;
import io.dmascope.model.rule.RuleInfo;
import java.util.Comparator;
import java.util.Optional;

/** The rules as JSON: an index, and a page each with the part that says how to fix it. */
final class RulesJson {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private RulesJson() {}

  static ObjectNode index() {
    ObjectNode root = NODES.objectNode();
    root.put("version", PageApi.VERSION);
    ArrayNode rules = root.putArray("rules");
    RuleCatalogue.rules().stream()
        .map(RuleCatalogue::infoOf)
        .sorted(Comparator.comparing(RuleInfo::id))
        .forEach(info -> rules.add(summary(info)));
    return root;
  }

  static Optional<ObjectNode> page(String ruleId) {
    return RulePage.of(ruleId)
        .map(
            page -> {
              ObjectNode node =
                  RuleCatalogue.find(ruleId)
                      .map(RuleCatalogue::infoOf)
                      .map(RulesJson::summary)
                      .orElseGet(NODES::objectNode);
              node.put("version", PageApi.VERSION);
              node.put("rule", ruleId);
              node.put("html", page.html());
              node.put("what_happens_html", page.sectionHtml("What happens"));
              node.put("how_to_fix_html", page.sectionHtml("How to fix"));
              return node;
            });
  }

  private static ObjectNode summary(RuleInfo info) {
    ObjectNode node = NODES.objectNode();
    node.put("rule", info.id());
    node.put("title", info.title());
    node.put("severity", CaptureJson.lower(info.severity()));
    node.put("kernel_source", info.kernelSource());
    return node;
  }
}
