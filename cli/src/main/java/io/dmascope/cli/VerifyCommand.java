package io.dmascope.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.dmascope.analytics.predict.PredictionJson;
import io.dmascope.analytics.predict.PredictionText;
import io.dmascope.model.predict.PredictionCheck;
import io.dmascope.model.predict.PredictionReport;
import java.io.IOException;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Predicts every recorded map and compares it with what the kernel returned. */
@Command(
    name = "verify",
    mixinStandardHelpOptions = true,
    description = "Predict every recorded map with the model and compare with what came of it.",
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {
      "0:every prediction came true",
      "1:some did not: a map, or an I/O virtual address",
      "2:an input could not be used, or the command line is wrong"
    },
    footer = {"", "Example: dmascope verify trace.txt"})
final class VerifyCommand implements Callable<Integer> {
  enum Format {
    text,
    json
  }

  private final Terminal terminal;

  @Mixin private SurveyedCaptures recordings = new SurveyedCaptures();

  @Option(
      names = "--format",
      paramLabel = "FORM",
      defaultValue = "text",
      description = "text or json. Default: text.")
  private Format format;

  VerifyCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws IOException {
    ArrayNode captures = JsonNodeFactory.instance.arrayNode();
    AtomicBoolean differs = new AtomicBoolean();
    recordings.forEach(
        terminal,
        (capture, parameters) -> {
          PredictionCheck check = new PredictionCheck(parameters);
          capture.forEach(check::apply);
          PredictionReport report = check.report();
          if (report.different() > 0 || report.iovas().different() > 0) {
            differs.set(true);
          }
          switch (format) {
            case text -> new PredictionText(terminal.out()).print(capture.file(), report);
            case json -> captures.add(PredictionJson.of(capture.file(), report));
          }
        });
    if (format == Format.json) {
      terminal
          .out()
          .println(
              JsonNodeFactory.instance.objectNode().set("captures", captures).toPrettyString());
    }
    return differs.get() ? ExitCode.FINDINGS : ExitCode.OK;
  }
}
