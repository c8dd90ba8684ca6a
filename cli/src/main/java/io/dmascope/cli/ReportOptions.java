package io.dmascope.cli;

import io.dmascope.analytics.report.Grouping;
import io.dmascope.analytics.report.JsonReport;
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
    sarif
  }

  @Option(
      names = "--format",
      paramLabel = "FORM",
      defaultValue = "text",
      description = "text, json (docs/check.schema.json) or sarif (2.1.0). Default: text.")
  private Format format;

  @Option(
      names = "--all",
      description = "Show each occurrence, not one finding for all of the same cause.")
  private boolean all;

  @Mixin private ColourOption colour = new ColourOption();

  Grouping grouping() {
    return all ? Grouping.OCCURRENCE : Grouping.CAUSE;
  }

  ReportWriter open(Terminal terminal) throws IOException {
    return switch (format) {
      case text -> new TextReport(terminal.out(), colour.paint(terminal));
      case json -> new JsonReport(terminal.out());
      case sarif -> new SarifReport(terminal.out(), Version.ofProgram(), ExplainCommand::titleOf);
    };
  }
}
