package io.dmascope.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.dmascope.analytics.predict.PredictionJson;
import io.dmascope.analytics.predict.PredictionText;
import io.dmascope.model.predict.CaptureSurvey;
import io.dmascope.model.predict.PredictionCheck;
import io.dmascope.model.predict.PredictionReport;
import io.dmascope.model.rig.RigManifest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Predicts every recorded map and compares it with what the kernel returned. */
@Command(
    name = "verify",
    mixinStandardHelpOptions = true,
    description = "Predict every recorded map with the model and compare with what came of it.",
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {
      "0:every prediction came true",
      "1:some did not",
      "2:an input could not be used, or the command line is wrong"
    },
    footer = {"", "Example: dmascope verify trace.txt"})
final class VerifyCommand implements Callable<Integer> {
  enum Format {
    text,
    json
  }

  private final Terminal terminal;

  @Parameters(
      paramLabel = "FILE",
      arity = "1..*",
      description = "Recordings; each is read twice, so standard input will not do.")
  private List<String> files;

  @Option(
      names = "--manifest",
      paramLabel = "FILE",
      description = "The rig's manifest: masks, segment limits and bounce pool that it states.")
  private Path manifest;

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
    RigManifest rig = ManifestFile.read(terminal, manifest);
    ArrayNode captures = JsonNodeFactory.instance.arrayNode();
    boolean differs = false;
    for (String file : files) {
      PredictionReport report = verify(new RereadableCapture(terminal, file), rig);
      differs |= report.different() > 0;
      switch (format) {
        case text -> new PredictionText(terminal.out()).print(file, report);
        case json -> captures.add(PredictionJson.of(file, report));
      }
    }
    if (format == Format.json) {
      terminal
          .out()
          .println(
              JsonNodeFactory.instance.objectNode().set("captures", captures).toPrettyString());
    }
    return differs ? ExitCode.FINDINGS : ExitCode.OK;
  }

  private static PredictionReport verify(RereadableCapture capture, RigManifest rig)
      throws IOException {
    CaptureSurvey survey = new CaptureSurvey(rig);
    capture.forEach(survey::apply);
    PredictionCheck check = new PredictionCheck(survey.parameters());
    capture.forEach(check::apply);
    return check.report();
  }
}
