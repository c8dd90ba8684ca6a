package io.dmascope.cli;

import io.dmascope.analytics.ignore.Ignores;
import io.dmascope.analytics.report.FindingReport;
import io.dmascope.analytics.report.GithubReport;
import io.dmascope.analytics.report.Grouping;
import io.dmascope.analytics.report.JsonReport;
import io.dmascope.analytics.report.MarkdownReport;
import io.dmascope.analytics.report.ReportWriter;
import io.dmascope.analytics.report.SarifReport;
import io.dmascope.analytics.report.TextReport;
import java.io.IOException;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** How findings are to be printed; shared by the commands that print them. */
final class ReportOptions {
  enum Format {
    text,
    json,
    sarif,
    github,
    markdown
  }

  @Option(
      names = "--format",
      paramLabel = "FORM",
      defaultValue = "text",
      description =
          "text, json (docs/check.schema.json), sarif (2.1.0), github (annotations of a workflow)"
              + " or markdown. Default: text.")
  private Format format;

  @Option(
      names = "--all",
      description =
          "Show each occurrence, not one finding for all of the same cause, and what the ignore"
              + " file took.")
  private boolean all;

  @Mixin private ColourOption colour = new ColourOption();

  @Mixin private IgnoreOptions ignore = new IgnoreOptions();

  /** Reads the ignore file that was named, or the one that is there. */
  Ignores ignores() throws IOException {
    return ignore.read();
  }

  /** An empty report of one capture. */
  FindingReport newReport(Ignores ignores) {
    return new FindingReport(all ? Grouping.OCCURRENCE : Grouping.CAUSE, ignores);
  }

  ReportWriter open(Terminal terminal) throws IOException {
    return switch (format) {
      case text -> new TextReport(terminal.out(), colour.paint(terminal), all);
      case json -> new JsonReport(terminal.out(), all);
      case github -> new GithubReport(terminal.out());
      case markdown -> new MarkdownReport(terminal.out());
      case sarif -> new SarifReport(terminal.out(), Version.ofProgram(), ExplainCommand::titleOf);
    };
  }
}
