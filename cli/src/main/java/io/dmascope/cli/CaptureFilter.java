package io.dmascope.cli;

import io.dmascope.analytics.ignore.Glob;
import io.dmascope.schemas.catalogue.CatalogueEntry;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Option;

/** Which captures of the catalogue are meant. */
final class CaptureFilter {
  @Option(
      names = "--capture",
      paramLabel = "GLOB",
      description = "Captures of these ids; * stands for any characters. May be repeated.")
  private List<String> captures = new ArrayList<>();

  @Option(
      names = "--rig",
      paramLabel = "GLOB",
      description = "Captures of these rigs, as publish --rig named them.")
  private String rig;

  @Option(
      names = "--kernel",
      paramLabel = "GLOB",
      description = "Captures of these kernel releases, e.g. '7.2*'.")
  private String kernel;

  boolean accepts(CatalogueEntry entry) {
    return (captures.isEmpty()
            || captures.stream().anyMatch(glob -> new Glob(glob).matches(entry.captureId())))
        && (rig == null || new Glob(rig).matches(entry.rig()))
        && (kernel == null || new Glob(kernel).matches(entry.facts().kernelRelease()));
  }

  /** What was given, by option. */
  void describe(Map<String, String> settings) {
    if (!captures.isEmpty()) {
      settings.put("capture", String.join(",", captures));
    }
    if (rig != null) {
      settings.put("rig", rig);
    }
    if (kernel != null) {
      settings.put("kernel", kernel);
    }
  }

  boolean isEmpty() {
    return captures.isEmpty() && rig == null && kernel == null;
  }
}
