package io.dmascope.analytics.whatif;

import io.dmascope.model.scatterlist.EntryForm;
import io.dmascope.model.whatif.ScenarioResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToLongFunction;

/** A comparison as one page without scripts or outside resources: bar charts, then the tables. */
public final class WhatIfHtml {
  private static final int LABEL_WIDTH = 330;
  private static final int BAR_WIDTH = 420;
  private static final int ROW_HEIGHT = 22;

  private record Bar(String label, long value) {}

  private WhatIfHtml() {}

  /** Returns the page of several captures. */
  public static String page(List<WhatIfReport> reports) {
    StringBuilder html = new StringBuilder();
    html.append(
        """
        <!DOCTYPE html>
        <html lang="en"><head><meta charset="utf-8"><title>dmascope: what if</title>
        <style>
        body { font: 15px/1.45 system-ui, sans-serif; margin: 2em auto; max-width: 62em; }
        table { border-collapse: collapse; margin: 0.5em 0 2em; font-size: 13px; }
        td, th { padding: 3px 10px; border-bottom: 1px solid #ddd; text-align: right; }
        td:first-child, th:first-child { text-align: left; }
        svg text { font: 13px system-ui, sans-serif; fill: currentColor; }
        rect { fill: #3b6ea5; }
        @media (prefers-color-scheme: dark) {
          body { background: #16181c; color: #dcdcdc; } td, th { border-color: #333; }
          rect { fill: #7aa7d8; }
        }
        </style></head><body>
        """);
    for (WhatIfReport report : reports) {
      html.append("<h1>").append(escape(report.file())).append("</h1>\n<p>");
      html.append(escape(WhatIfText.headline(report))).append("</p>\n");
      charts(html, report);
      WhatIfTables.of(report).forEach(table -> table(html, table));
    }
    return html.append("</body></html>\n").toString();
  }

  private static void charts(StringBuilder html, WhatIfReport report) {
    chart(html, report, "Entries that drivers get", r -> r.counters().outputEntries());
    chart(
        html,
        report,
        "Page-table entries written",
        r -> r.counters().entriesSet().values().stream().mapToLong(Long::longValue).sum());
    chart(
        html,
        report,
        "IOTLB invalidations and flushes",
        r -> r.counters().rangeInvalidations() + r.counters().fullFlushes());
    chart(
        html,
        report,
        "Bytes copied through bounce buffers",
        r -> r.counters().bounceBytesIn() + r.counters().bounceBytesOut());
    chart(html, report, "I/O virtual space held at peak", r -> r.iova().heldBytes());
    chart(html, report, "Bytes exposed beyond what was mapped", r -> r.counters().paddingBytes());
    List<Bar> forms = new ArrayList<>();
    for (ScenarioResult result : report.results()) {
      for (EntryForm form : report.formsOf(result)) {
        forms.add(
            new Bar(
                result.scenario().label() + ", " + form.label(),
                result.forms().get(form).metadataBytes()));
      }
    }
    bars(html, "Bytes of metadata, by form", forms);
  }

  private static void chart(
      StringBuilder html, WhatIfReport report, String title, ToLongFunction<ScenarioResult> value) {
    List<Bar> bars =
        report.results().stream()
            .map(result -> new Bar(result.scenario().label(), value.applyAsLong(result)))
            .toList();
    bars(html, title, bars);
  }

  private static void bars(StringBuilder html, String title, List<Bar> bars) {
    long most = bars.stream().mapToLong(Bar::value).max().orElse(0);
    if (most == 0) {
      return;
    }
    html.append("<h2>").append(escape(title)).append("</h2>\n");
    html.append(
        String.format(
            Locale.ROOT,
            "<svg width=\"%d\" height=\"%d\" role=\"img\" aria-label=\"%s\">%n",
            LABEL_WIDTH + BAR_WIDTH + 160,
            bars.size() * ROW_HEIGHT + 4,
            escape(title)));
    for (int i = 0; i < bars.size(); i++) {
      Bar bar = bars.get(i);
      long width = Math.round((double) bar.value() / most * BAR_WIDTH);
      html.append(
          String.format(
              Locale.ROOT,
              "<text x=\"%d\" y=\"%d\" text-anchor=\"end\">%s</text>"
                  + "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\"/>"
                  + "<text x=\"%d\" y=\"%d\">%s</text>%n",
              LABEL_WIDTH - 8,
              i * ROW_HEIGHT + 16,
              escape(bar.label()),
              LABEL_WIDTH,
              i * ROW_HEIGHT + 3,
              width,
              ROW_HEIGHT - 6,
              LABEL_WIDTH + width + 6,
              i * ROW_HEIGHT + 16,
              WhatIfTables.count(bar.value())));
    }
    html.append("</svg>\n");
  }

  private static void table(StringBuilder html, Table table) {
    html.append("<h2>").append(escape(table.title())).append("</h2>\n<table>\n");
    boolean heading = true;
    for (List<String> row : table.rows()) {
      String tag = heading ? "th" : "td";
      html.append("<tr>");
      for (String cell : row) {
        html.append('<').append(tag).append('>').append(escape(cell));
        html.append("</").append(tag).append('>');
      }
      html.append("</tr>\n");
      heading = false;
    }
    html.append("</table>\n");
  }

  private static String escape(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }
}
