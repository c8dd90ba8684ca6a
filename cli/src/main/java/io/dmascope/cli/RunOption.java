package io.dmascope.cli;

import picocli.CommandLine.Option;

/** Whose results are read. */
final class RunOption {
  @Option(
      names = "--run",
      paramLabel = "NAME",
      defaultValue = "live",
      description = "Whose results: live, or a replay's (dmascope runs lists them). Default: live.")
  private String run;

  String text() {
    return run;
  }
}
