package io.dmascope.analytics.report;

import io.dmascope.analytics.ignore.Ignores;
import io.dmascope.model.event.CaptureFacts;
import io.dmascope.model.finding.Confidence;
import io.dmascope.model.finding.Violation;
import java.io.PrintWriter;

/**
 * Reports as workflow commands of GitHub Actions, a finding a line, which the run shows as
 * annotations:
 *
 * <pre>
 * ::error file=trace.txt,line=812,title=DMA-MAP-001 nvme0::unmaps what is already unmapped
 * </pre>
 */
public final class GithubReport implements ReportWriter {
  private final PrintWriter out;

  public GithubReport(PrintWriter out) {
    this.out = out;
  }

  @Override
  public void capture(CaptureReport report) {
    for (Finding finding : report.findings()) {
      Violation first = finding.first();
      out.println(
          "::%s %s,title=%s::%s"
              .formatted(
                  command(first),
                  place(report.facts(), first),
                  property(first.ruleId() + " " + first.device()),
                  text(Occurrences.message(finding))));
    }
  }

  private static String command(Violation violation) {
    return switch (violation.severity()) {
      case ERROR -> violation.confidence() == Confidence.CERTAIN ? "error" : "warning";
      case WARNING -> "warning";
      case INFO -> "notice";
    };
  }

  /** A byte offset is no line, so that a binary recording has its name only. */
  private static String place(CaptureFacts facts, Violation violation) {
    String file = "file=" + property(Places.fileName(facts));
    return Places.isLine(facts) && !Places.isBeside(violation.at())
        ? file + ",line=" + violation.at().place()
        : file;
  }

  private static String text(String value) {
    return Plain.of(value).replace("%", "%25");
  }

  private static String property(String value) {
    return text(value).replace(":", "%3A").replace(",", "%2C");
  }

  @Override
  public void ignores(Ignores ignores) {}

  @Override
  public void close() {}
}
