package io.dmascope.producer.ingest.rig;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.Error;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The published schema of the manifest, for tests. */
final class ManifestSchema {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final JsonNode document;
  private final Schema schema;

  ManifestSchema() throws IOException {
    String text = Files.readString(Path.of("../docs/rig-manifest.schema.json"));
    document = MAPPER.readTree(text);
    schema =
        SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
            .getSchema(text, InputFormat.JSON);
  }

  /** What is wrong with the document; empty where nothing is. */
  List<String> problems(String json) {
    return schema.validate(json, InputFormat.JSON).stream().map(Error::toString).sorted().toList();
  }

  /** Every member that the schema describes, as a path with {@code *} for array elements. */
  List<String> members() {
    List<String> paths = new ArrayList<>();
    collectMembers(document, "", paths);
    return paths;
  }

  /** Every member that a document has, written like {@link #members()}. */
  static List<String> membersOf(String json) throws IOException {
    List<String> paths = new ArrayList<>();
    collectPaths(MAPPER.readTree(json), "", paths);
    return paths.stream().distinct().toList();
  }

  private static void collectMembers(JsonNode schema, String path, List<String> paths) {
    for (Map.Entry<String, JsonNode> member : schema.path("properties").properties()) {
      paths.add(path + "/" + member.getKey());
      collectMembers(member.getValue(), path + "/" + member.getKey(), paths);
    }
    if (schema.has("items")) {
      collectMembers(schema.get("items"), path + "/*", paths);
    }
  }

  private static void collectPaths(JsonNode node, String path, List<String> paths) {
    for (Map.Entry<String, JsonNode> member : node.properties()) {
      paths.add(path + "/" + member.getKey());
      collectPaths(member.getValue(), path + "/" + member.getKey(), paths);
    }
    if (node.isArray()) {
      node.forEach(element -> collectPaths(element, path + "/*", paths));
    }
  }
}
