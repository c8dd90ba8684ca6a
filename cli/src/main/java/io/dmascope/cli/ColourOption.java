package io.dmascope.cli;

import io.dmascope.analytics.report.Paint;
import picocli.CommandLine.Option;

/** When text is coloured. */
final class ColourOption {
  enum When {
    auto,
    always,
    never
  }

  @Option(
      names = {"--color", "--colour"},
      paramLabel = "WHEN",
      defaultValue = "auto",
      description = "auto (on a terminal, unless NO_COLOR is set), always or never. Default: auto.")
  private When when;

  Paint paint(Terminal terminal) {
    boolean coloured =
        switch (when) {
          case auto -> terminal.wantsColour();
          case always -> true;
          case never -> false;
        };
    return coloured ? Paint.COLOUR : Paint.PLAIN;
  }
}
