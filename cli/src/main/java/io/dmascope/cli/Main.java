package io.dmascope.cli;

import io.dmascope.producer.publish.PublishException;
import io.dmascope.schemas.KafkaUnavailableException;
import io.dmascope.schemas.runs.RunException;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.apache.kafka.common.KafkaException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

/** The program: finds the subcommand, runs it, and turns every way to fail into a sentence. */
@Command(
    name = "dmascope",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    header = "Checks what Linux drivers do with the DMA API, from recorded traces.%n",
    synopsisSubcommandLabel = "COMMAND",
    optionListHeading = "%nOptions:%n",
    commandListHeading = "%nCommands:%n",
    footer = {
      "",
      "Start here:",
      "  dmascope demo               the whole road on two recordings, through a real broker",
      "  dmascope check trace.txt    findings in a recording; no Kafka, no server",
      "",
      "dmascope COMMAND --help tells more about a command."
    })
public final class Main implements Runnable {
  @Spec private CommandSpec spec;

  /** A subcommand under its name. */
  private record Subcommand(String name, Function<Terminal, Object> maker) {}

  /** Every subcommand; a new one is a line here. */
  private static final List<Subcommand> SUBCOMMANDS =
      List.of(
          new Subcommand("check", CheckCommand::new),
          new Subcommand("fault", FaultCommand::new),
          new Subcommand("report", ReportCommand::new),
          new Subcommand("diff", DiffCommand::new),
          new Subcommand("export", ExportCommand::new),
          new Subcommand("rules", RulesCommand::new),
          new Subcommand("publish", PublishCommand::new),
          new Subcommand("dump", DumpCommand::new),
          new Subcommand("replay", ReplayCommand::new),
          new Subcommand("findings", FindingsCommand::new),
          new Subcommand("runs", RunsCommand::new),
          new Subcommand("captures", CapturesCommand::new),
          new Subcommand("serve", ServeCommand::new),
          new Subcommand("demo", DemoCommand::new),
          new Subcommand("explain", ExplainCommand::new),
          new Subcommand("selftest", SelftestCommand::new),
          new Subcommand("verify", VerifyCommand::new),
          new Subcommand("whatif", WhatifCommand::new),
          new Subcommand("generate", GenerateCommand::new),
          new Subcommand("simulate", SimulateCommand::new),
          new Subcommand("stats", StatsCommand::new),
          new Subcommand("help", _ -> new CommandLine.HelpCommand()));

  public static void main(String[] args) {
    Locale.setDefault(Locale.ROOT); // what is printed does not depend on who reads it
    UntilInterrupted.exit(run(Terminal.ofProcess(), args));
  }

  /** Runs one command line and returns the exit status; never throws. */
  static int run(Terminal terminal, String... args) {
    try {
      return terminal.finish(commandLine(terminal, args).execute(args));
    } catch (Throwable e) { // the last stop: what comes here would be a stack trace on the screen
      return complain(terminal, "", e);
    }
  }

  /** Makes the command line for {@code args}; where these name no subcommand, it has all. */
  static CommandLine commandLine(Terminal terminal, String... args) {
    CommandLine line = new CommandLine(new Main());
    for (Subcommand subcommand : subcommandsFor(args)) {
      line.addSubcommand(subcommand.name(), subcommand.maker().apply(terminal));
    }
    return line.setOut(terminal.out())
        .setErr(terminal.err())
        .setColorScheme(
            CommandLine.Help.defaultColorScheme(terminal.wantsColour() ? Ansi.ON : Ansi.OFF))
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setUsageHelpAutoWidth(false)
        .setUsageHelpWidth(100)
        .setParameterExceptionHandler((e, _) -> complain(terminal, e))
        .setExecutionExceptionHandler(
            (e, at, _) -> complain(terminal, at.getCommandSpec().name() + ": ", e));
  }

  /** To describe a command to the parser takes milliseconds: only the one that is asked for. */
  private static List<Subcommand> subcommandsFor(String[] args) {
    List<Subcommand> named =
        SUBCOMMANDS.stream()
            .filter(subcommand -> args.length > 0 && subcommand.name().equals(args[0]))
            .filter(subcommand -> !subcommand.name().equals("help"))
            .toList();
    return named.isEmpty() ? SUBCOMMANDS : named;
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "Which command?");
  }

  private static int complain(Terminal terminal, ParameterException e) {
    CommandLine at = e.getCommandLine();
    terminal.complain(e.getMessage());
    UnmatchedArgumentException.printSuggestions(e, terminal.err());
    terminal
        .err()
        .println("Try '" + at.getCommandSpec().qualifiedName() + " --help' for what it takes.");
    return ExitCode.UNUSABLE;
  }

  private static int complain(Terminal terminal, String command, Throwable e) {
    terminal.complain(command + sentence(e));
    if (!terminal.environment("DMASCOPE_DEBUG").isEmpty()) {
      e.printStackTrace(terminal.err());
    } else if (isOurBug(e)) {
      terminal.err().println("This is a bug in dmascope; DMASCOPE_DEBUG=1 shows where.");
    }
    return ExitCode.UNUSABLE;
  }

  private static boolean isOurBug(Throwable e) {
    return !(e instanceof CommandException
        || e instanceof IOException
        || e instanceof KafkaUnavailableException
        || e instanceof PublishException
        || e instanceof RunException
        || e instanceof KafkaException
        || e instanceof OutOfMemoryError);
  }

  private static String sentence(Throwable e) {
    return switch (e) {
      case CommandException _ -> e.getMessage();
      case IOException io -> FileTrouble.sentence(io);
      case KafkaUnavailableException _, PublishException _, RunException _ -> e.getMessage();
      case KafkaException _ -> "Kafka: " + e.getMessage();
      case OutOfMemoryError _ ->
          "ran out of memory; DMASCOPE_JAVA_OPTS=-Xmx4g gives it more, for one";
      default -> "unexpected: " + e;
    };
  }
}
