package io.dmascope.cli;

import io.dmascope.model.predict.CaptureParameters;
import io.dmascope.model.predict.CaptureSurvey;
import io.dmascope.model.rig.RigManifest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Options of commands that read a recording twice: once for its limits, once for its mappings. */
final class SurveyedCaptures {
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

  /** What is done with a recording whose limits are known. */
  @FunctionalInterface
  interface Use {
    void of(RereadableCapture capture, CaptureParameters parameters) throws IOException;
  }

  /** Surveys each recording and hands it over. */
  void forEach(Terminal terminal, Use use) throws IOException {
    RigManifest rig = ManifestFile.read(terminal, manifest);
    for (String file : files) {
      RereadableCapture capture = new RereadableCapture(terminal, file);
      CaptureSurvey survey = new CaptureSurvey(rig);
      capture.forEach(survey::apply);
      use.of(capture, survey.parameters());
    }
  }
}
