package io.dmascope.cli;

import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Prints a rule's page. */
@Command(
    name = "explain",
    mixinStandardHelpOptions = true,
    description = "Print the page of a rule: what happens, why it matters, how to fix it.",
    footer = {"", "Example: dmascope explain DMA-MAP-001"})
final class ExplainCommand implements Runnable {
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
        RulePages.find(id).orElseThrow(() -> new CommandException("there is no rule " + id));
    terminal.out().print(MarkdownText.render(page, terminal.wantsColour()));
  }
}
