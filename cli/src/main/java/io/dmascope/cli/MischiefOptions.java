package io.dmascope.cli;

import io.dmascope.producer.synthetic.fault.Fault;
import io.dmascope.producer.synthetic.fault.FaultCatalogue;
import io.dmascope.producer.synthetic.fault.FaultPlan;
import io.dmascope.producer.synthetic.fault.Injected;
import io.dmascope.producer.synthetic.machine.Chance;
import io.dmascope.producer.write.TruthWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import picocli.CommandLine.Option;

/** Options that say which rules are broken, how often, and where that is told. */
final class MischiefOptions {
  @Option(
      names = "--break",
      paramLabel = "RULE",
      split = ",",
      description = "Rules to break, or all; as rules lists them. Default: none.")
  private List<String> broken = List.of();

  @Option(
      names = "--every",
      paramLabel = "N",
      defaultValue = "1000",
      description = "Break them at one call in N that allows it, on average. Default: 1000.")
  private int every;

  @Option(
      names = "--truth",
      paramLabel = "FILE",
      description = "Where what was done wrong is told: JSON, an object a line.")
  private Path truthFile;

  /** Null where nothing is to be broken. */
  FaultPlan plan(long seed, List<Injected> truth) {
    if (broken.isEmpty()) {
      return null;
    }
    Chance chance = new Chance(seed).split("plan");
    List<FaultPlan.Planned> planned = new ArrayList<>();
    for (String rule : broken) {
      for (Fault<?> fault : faultsOf(rule)) {
        planned.add(new FaultPlan.Planned(fault, chance.below(every), every, Long.MAX_VALUE));
      }
    }
    return new FaultPlan(planned, chance, truth::add);
  }

  private static List<Fault<?>> faultsOf(String rule) {
    List<Fault<?>> faults =
        rule.equalsIgnoreCase("all")
            ? FaultCatalogue.faults()
            : FaultCatalogue.breaking(rule.toUpperCase(Locale.ROOT));
    if (faults.isEmpty()) {
      throw new CommandException(
          "no fault breaks rule %s; there is one for: %s".formatted(rule, breakable()));
    }
    return faults;
  }

  private static String breakable() {
    return FaultCatalogue.faults().stream()
        .map(Fault::ruleId)
        .distinct()
        .sorted()
        .collect(Collectors.joining(" "));
  }

  boolean tellsTruth() {
    return truthFile != null;
  }

  /** Writes the truth, if anybody asked for it. */
  void tell(List<Injected> truth) throws IOException {
    if (truthFile == null) {
      return;
    }
    try (TruthWriter writer = new TruthWriter(Files.newBufferedWriter(truthFile))) {
      for (Injected injected : truth) {
        writer.injected(injected);
      }
    }
  }
}
