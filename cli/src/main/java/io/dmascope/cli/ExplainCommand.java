package io.dmascope.cli;

import io.dmascope.model.rule.RuleCatalogue;
import io.dmascope.model.rule.RuleInfo;
import java.util.Comparator;
import java.util.Locale;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Prints a rule's page. */
@Command(
    name = "explain",
    mixinStandardHelpOptions = true,
    description = "Print the page of a rule: what happens, why it matters, how to fix it.",
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {"0:printed", "2:there is no such rule"},
    footer = {"", "Example: dmascope explain DMA-MAP-001"})
final class ExplainCommand implements Runnable {
  private static final int SUGGESTIONS_MAX = 3;

  private final Terminal terminal;

  @Parameters(paramLabel = "RULE", description = "A rule's id, as findings and 'rules' show it.")
  private String ruleId;

  ExplainCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public void run() {
    String id = ruleId.toUpperCase(Locale.ROOT);
    String page =
        RulePages.find(id)
            .orElseThrow(
                () ->
                    new CommandException(
                        "there is no rule %s; near it: %s ('dmascope rules' lists all)"
                            .formatted(id, near(id))));
    terminal.out().print(MarkdownText.render(page, terminal.wantsColour()));
  }

  /** The rules whose ids begin most alike: families share a prefix. */
  private static String near(String id) {
    return RuleCatalogue.rules().stream()
        .map(rule -> RuleCatalogue.infoOf(rule).id())
        .sorted(
            Comparator.comparingInt((String known) -> -commonPrefix(known, id))
                .thenComparing(Comparator.naturalOrder()))
        .limit(SUGGESTIONS_MAX)
        .collect(Collectors.joining(", "));
  }

  private static int commonPrefix(String one, String other) {
    int length = 0;
    while (length < Math.min(one.length(), other.length())
        && one.charAt(length) == other.charAt(length)) {
      length++;
    }
    return length;
  }

  /** The rule's title; empty for an id that no rule has. */
  static String titleOf(String id) {
    return RuleCatalogue.find(id).map(RuleCatalogue::infoOf).map(RuleInfo::title).orElse("");
  }
}
