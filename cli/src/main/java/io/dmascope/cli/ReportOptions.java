package io.dmascope.cli;

import io.dmascope.analytics.report.Grouping;
import io.dmascope.analytics.report.JsonReport;
import io.dmascope.analytics.report.Paint;
import io.dmascope.analytics.report.ReportWriter;
import io.dmascope.analytics.report.SarifReport;
import io.dmascope.analytics.report.TextReport;
import java.io.IOException;
import picocli.CommandLine.Option;

/** How findings are to be printed; shared by the commands that print them. */
final class ReportOptions {
  enum Format {
    text,
    json,
    sarif
  }

  enum Colour {
    auto,
    always,
    never
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

  @Option(
      names = {"--color", "--colour"},
      paramLabel = "WHEN",
      defaultValue = "auto",
      description = "auto (on a terminal, unless NO_COLOR is set), always or never. Default: auto.")
  private Colour colour;

  Grouping grouping() {
    return all ? Grouping.OCCURRENCE : Grouping.CAUSE;
  }

  ReportWriter open(Terminal terminal) throws IOException {
    return switch (format) {
      case text -> new TextReport(terminal.out(), paint(terminal));
      case json -> new JsonReport(terminal.out());
      case sarif -> new SarifReport(terminal.out(), Version.ofProgram(), ExplainCommand::titleOf);
    };
  }

  private Paint paint(Terminal terminal) {
    boolean coloured =
        switch (colour) {
          case auto -> terminal.wantsColour();
          case always -> true;
          case never -> false;
        };
    return coloured ? Paint.COLOUR : Paint.PLAIN;
  }
}
