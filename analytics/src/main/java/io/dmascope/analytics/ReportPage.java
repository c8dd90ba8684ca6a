package io.dmascope.analytics;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.TreeSet;

/**
 * The page in one file that needs no server: the same scripts, with every document that they may
 * ask for packed beside them.
 */
public final class ReportPage {
  private static final JsonMapper MAPPER = new JsonMapper();
  private static final String CONTENT_POLICY =
      "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data:";

  /**
   * A line of a recording near an event.
   *
   * @param here true for the event's own
   */
  public record Line(String text, boolean here) {}

  private final AnalyticsState state;
  private final PageAssets assets = new PageAssets();
  private final Map<String, SequencedMap<Long, List<Line>>> lines = new LinkedHashMap<>();

  public ReportPage(AnalyticsState state) {
    this.state = state;
  }

  /** Events of a capture whose lines a reader wants to see, oldest first. */
  public List<Long> eventsToShow(String captureId) {
    TreeSet<Long> sequences = new TreeSet<>();
    document("findings", Map.of("capture", captureId, "limit", "1000"))
        .path("findings")
        .forEach(
            finding -> {
              sequences.add(finding.path("sequence").asLong());
              finding
                  .path("related")
                  .forEach(related -> sequences.add(related.path("sequence").asLong()));
            });
    return new ArrayList<>(sequences);
  }

  /** The lines around an event, in their order. */
  public void lines(String captureId, long sequence, List<Line> around) {
    lines
        .computeIfAbsent(AnalyticsLimits.name(captureId), _ -> new LinkedHashMap<>())
        .put(sequence, List.copyOf(around));
  }

  /**
   * Writes the file.
   *
   * @param made what it was made from, for the reader: a name or two
   */
  public void write(OutputStream out, String made) throws IOException {
    String page = assets.find(PageAssets.PAGE).orElseThrow().text();
    String policy =
        "<meta http-equiv=\"Content-Security-Policy\" content=\"%s\">\n".formatted(CONTENT_POLICY);
    page = replace(page, "<!-- styles -->", "<!-- end of styles -->", policy + styles());
    page = replace(page, "<!-- scripts -->", "<!-- end of scripts -->", scripts());
    page = page.replace("<link rel=\"icon\" href=\"icon.svg\" type=\"image/svg+xml\">\n", "");
    String data =
        "<script id=\"report\" type=\"application/octet-stream\">%s</script>"
            .formatted(Base64.getEncoder().encodeToString(Answer.gzip(packed(made))));
    out.write(page.replace("<!-- report -->", data).getBytes(StandardCharsets.UTF_8));
  }

  private static String replace(String page, String from, String to, String by) {
    int begin = page.indexOf(from);
    int end = page.indexOf(to);
    if (begin < 0 || end < begin) {
      throw new IllegalStateException("the page has no place for its parts [mark=" + from + "]");
    }
    return page.substring(0, begin) + by + page.substring(end + to.length());
  }

  private String styles() {
    return inline(PageAssets.STYLES, "style");
  }

  private String scripts() {
    return inline(PageAssets.SCRIPTS, "script");
  }

  private String inline(List<String> names, String tag) {
    StringBuilder all = new StringBuilder();
    for (String name : names) {
      String text = assets.find(name).orElseThrow().text();
      all.append("<%1$s>%2$s</%1$s>\n".formatted(tag, text.replace("</script", "<\\/script")));
    }
    return all.toString();
  }

  private byte[] packed(String made) throws IOException {
    ObjectNode root = JsonNodeFactory.instance.objectNode();
    root.put("made", made);
    ObjectNode documents = root.putObject("documents");
    ObjectNode fleet = document("captures", Map.of());
    documents.set("captures", fleet);
    fleet
        .path("captures")
        .forEach(
            capture -> {
              String name = capture.path("capture").asText();
              Map<String, String> of = Map.of("capture", name);
              documents.set("capture " + name, document("capture", of));
              Map<String, String> most = Map.of("capture", name, "limit", "100000");
              documents.set("mappings " + name, document("mappings", most));
              documents.set("findings " + name, document("findings", most));
            });
    ObjectNode rules = document("rules", Map.of());
    documents.set("rules", rules);
    rules
        .path("rules")
        .forEach(
            rule -> {
              String id = rule.path("rule").asText();
              documents.set("rule " + id, document("rule", Map.of("rule", id)));
            });
    root.set("lines", linesNode());
    return MAPPER.writeValueAsBytes(root);
  }

  private ObjectNode linesNode() {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    lines.forEach(
        (capture, bySequence) -> {
          ObjectNode of = node.putObject(capture);
          bySequence.forEach(
              (sequence, around) -> {
                ArrayNode list = of.putArray(Long.toString(sequence));
                around.forEach(
                    line -> list.addObject().put("text", line.text()).put("here", line.here()));
              });
        });
    return node;
  }

  private ObjectNode document(String path, Map<String, String> parameters) {
    return new PageApi(state)
        .answer(path, new Query(parameters), 0)
        .orElseThrow(() -> new IllegalStateException("no such document [path=" + path + "]"));
  }
}
