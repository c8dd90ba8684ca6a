package io.dmascope.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.dmascope.analytics.whatif.WhatIfHtml;
import io.dmascope.analytics.whatif.WhatIfJson;
import io.dmascope.analytics.whatif.WhatIfReport;
import io.dmascope.analytics.whatif.WhatIfText;
import io.dmascope.model.predict.CaptureParameters;
import io.dmascope.model.scatterlist.EntryForm;
import io.dmascope.model.whatif.Scenario;
import io.dmascope.model.whatif.WhatIf;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.function.LongPredicate;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Replays a workload on other machines and says what it would have cost there. */
@Command(
    name = "whatif",
    mixinStandardHelpOptions = true,
    description = "Compare what recorded maps would cost with other backends, limits and forms.",
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {"0:compared", "2:an input could not be used, or the command line is wrong"},
    footer = {
      "",
      "Every combination of the values given is a scenario; each list is comma separated.",
      "",
      "Examples:",
      "  dmascope whatif trace.txt",
      "  dmascope whatif --backend iommu-strict --max-segment-size 64K,4M trace.txt",
      "  dmascope whatif --format html trace.txt > whatif.html"
    })
final class WhatifCommand implements Callable<Integer> {
  private static final int SCENARIOS_MAX = 32;

  enum Format {
    text,
    json,
    html
  }

  private final Terminal terminal;

  @Mixin private SurveyedCaptures recordings = new SurveyedCaptures();

  @Option(
      names = "--backend",
      paramLabel = "NAME",
      split = ",",
      description = "direct, swiotlb, iommu-strict, iommu-lazy. Default: all of them.")
  private List<String> backends = List.of();

  @Option(
      names = "--max-segment-size",
      paramLabel = "BYTES",
      split = ",",
      converter = ByteSize.class,
      description = "For every device, e.g. 64K or 4M. Default: what the recording shows.")
  private List<Long> maxSegmentSizes = List.of();

  @Option(
      names = "--boundary",
      paramLabel = "MASK",
      split = ",",
      converter = ByteSize.class,
      description = "Segment boundary, e.g. 0xffff. Default: what the recording shows.")
  private List<Long> boundaries = List.of();

  @Option(
      names = "--granule",
      paramLabel = "BYTES",
      split = ",",
      converter = ByteSize.class,
      description = "Smallest IOMMU page: 4K, 16K or 64K. Default: 4K.")
  private List<Long> granules = List.of();

  @Option(
      names = "--form",
      paramLabel = "NAME",
      split = ",",
      description = "scatterlist, dma-sg, dma-sg64, iova-state, linear. Default: all of them.")
  private List<String> forms = List.of();

  @Option(
      names = "--format",
      paramLabel = "FORM",
      defaultValue = "text",
      description = "text, json or html. Default: text.")
  private Format format;

  WhatifCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws IOException {
    List<Scenario> scenarios = scenarios();
    Set<EntryForm> shown = shownForms();
    List<WhatIfReport> reports = new ArrayList<>();
    recordings.forEach(
        terminal,
        (capture, parameters) -> {
          WhatIfReport report = compare(capture, parameters, scenarios, shown);
          if (format == Format.text) {
            WhatIfText.print(report, terminal.out());
          } else {
            reports.add(report);
          }
        });
    switch (format) {
      case text -> {}
      case json -> {
        ArrayNode captures = JsonNodeFactory.instance.arrayNode();
        reports.forEach(report -> captures.add(WhatIfJson.of(report)));
        terminal
            .out()
            .println(
                JsonNodeFactory.instance.objectNode().set("captures", captures).toPrettyString());
      }
      case html -> terminal.out().print(WhatIfHtml.page(reports));
    }
    return ExitCode.OK;
  }

  private static WhatIfReport compare(
      RereadableCapture capture,
      CaptureParameters parameters,
      List<Scenario> scenarios,
      Set<EntryForm> shown)
      throws IOException {
    WhatIf whatIf = new WhatIf(parameters, scenarios);
    capture.forEach(whatIf::apply);
    return new WhatIfReport(
        capture.file(), whatIf.workload(), whatIf.results(), whatIf.plan(), shown);
  }

  private List<Scenario> scenarios() {
    List<Scenario> scenarios = new ArrayList<>();
    for (Scenario.Backend backend : chosenBackends()) {
      for (OptionalLong size :
          values("--max-segment-size", maxSegmentSizes, WhatifCommand::isU32)) {
        for (OptionalLong boundary : values("--boundary", boundaries, WhatifCommand::isMask)) {
          for (OptionalLong granule : values("--granule", granules, WhatifCommand::isGranule)) {
            scenarios.add(new Scenario(backend, size, boundary, granule));
          }
        }
      }
    }
    if (scenarios.size() > SCENARIOS_MAX) {
      throw new CommandException(
          "%d scenarios at once are too many: at most %d"
              .formatted(scenarios.size(), SCENARIOS_MAX));
    }
    return scenarios;
  }

  private List<Scenario.Backend> chosenBackends() {
    if (backends.isEmpty()) {
      return List.of(Scenario.Backend.values());
    }
    return backends.stream()
        .map(
            name ->
                Arrays.stream(Scenario.Backend.values())
                    .filter(backend -> backend.label().equalsIgnoreCase(name))
                    .findFirst()
                    .orElseThrow(() -> new CommandException("there is no backend " + name)))
        .distinct()
        .toList();
  }

  private Set<EntryForm> shownForms() {
    if (forms.isEmpty()) {
      return Set.of(EntryForm.values());
    }
    Set<EntryForm> shown = new TreeSet<>();
    for (String name : forms) {
      shown.add(
          Arrays.stream(EntryForm.values())
              .filter(form -> form.label().equalsIgnoreCase(name))
              .findFirst()
              .orElseThrow(() -> new CommandException("there is no form " + name)));
    }
    return shown;
  }

  private static List<OptionalLong> values(
      String option, List<Long> given, LongPredicate isAllowed) {
    for (long value : given) {
      if (!isAllowed.test(value)) {
        throw new CommandException("%s cannot be 0x%x".formatted(option, value));
      }
    }
    return given.isEmpty()
        ? List.of(OptionalLong.empty())
        : given.stream().map(OptionalLong::of).toList();
  }

  private static boolean isU32(long value) {
    return value > 0 && value <= 0xffffffffL;
  }

  private static boolean isMask(long value) {
    return value != 0 && (value & (value + 1)) == 0;
  }

  private static boolean isGranule(long value) {
    return value == 4096 || value == 16384 || value == 65536;
  }
}
