package io.dmascope.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;

/** JSON of commands that list things. */
final class JsonText {
  private JsonText() {}

  static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }

  static ObjectNode object(Map<String, String> members) {
    ObjectNode object = object();
    members.forEach(object::put);
    return object;
  }

  static void print(Terminal terminal, List<? extends JsonNode> list) {
    ArrayNode array = JsonNodeFactory.instance.arrayNode();
    list.forEach(array::add);
    terminal.out().println(array.toPrettyString());
  }
}
