package io.dmascope.cli;

import io.dmascope.model.rule.RuleCatalogue;
import io.dmascope.model.rule.RuleInfo;
import java.util.Comparator;
import java.util.Locale;
import picocli.CommandLine.Command;

/** Lists the rules. */
@Command(
    name = "rules",
    mixinStandardHelpOptions = true,
    description = "List the rules that captures are held to.",
    footer = {"", "dmascope explain RULE tells about one of them."})
final class RulesCommand implements Runnable {
  private final Terminal terminal;

  RulesCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public void run() {
    RuleCatalogue.rules().stream()
        .map(RuleCatalogue::infoOf)
        .sorted(Comparator.comparing(RuleInfo::id))
        .forEach(
            rule ->
                terminal
                    .out()
                    .printf(
                        "%-12s %-8s %s%n",
                        rule.id(), rule.severity().name().toLowerCase(Locale.ROOT), rule.title()));
  }
}
