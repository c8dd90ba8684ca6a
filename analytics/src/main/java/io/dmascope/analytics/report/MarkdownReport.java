package io.dmascope.analytics.report;

import io.dmascope.analytics.ignore.Ignores;
import io.dmascope.model.finding.Violation;
import java.io.PrintWriter;
import java.util.Locale;

/** Reports as a table in Markdown for each recording: for a pull request or a job's summary. */
public final class MarkdownReport implements ReportWriter {
  private final PrintWriter out;

  public MarkdownReport(PrintWriter out) {
    this.out = out;
  }

  @Override
  public void capture(CaptureReport report) {
    out.println("### " + cell(Places.fileName(report.facts())));
    out.println();
    if (report.findings().isEmpty()) {
      out.println("Nothing found.");
      out.println();
      return;
    }
    out.println("| rule | severity | confidence | device | place | times | finding |");
    out.println("|---|---|---|---|---|---:|---|");
    for (Finding finding : report.findings()) {
      Violation first = finding.first();
      out.println(
          "| %s | %s | %s | %s | %s | %s | %s |"
              .formatted(
                  first.ruleId(),
                  first.severity().name().toLowerCase(Locale.ROOT),
                  first.confidence().name().toLowerCase(Locale.ROOT),
                  cell(first.device()),
                  cell(Places.toText(report.facts(), first.at())),
                  Numbers.count(finding.count()),
                  cell(first.message())));
    }
    out.println();
  }

  /** Text that opens neither a cell nor a mark nor an element. */
  private static String cell(String text) {
    return Plain.of(text)
        .replaceAll("([\\\\`*_|\\[\\]~])", "\\\\$1")
        .replace("<", "&lt;")
        .replace("@", "&#64;");
  }

  @Override
  public void ignores(Ignores ignores) {}

  @Override
  public void close() {}
}
