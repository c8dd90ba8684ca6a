package io.dmascope.cli;

import io.dmascope.analytics.AnalyticsConfig;
import io.dmascope.analytics.AnalyticsServer;
import io.dmascope.analytics.AnalyticsService;
import io.dmascope.analytics.AnalyticsState;
import io.dmascope.replay.HistoricalConfig;
import io.dmascope.schemas.Topics;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Serves metrics and the live page from what the replay engine wrote. */
@Command(
    name = "serve",
    mixinStandardHelpOptions = true,
    description = "Serve Prometheus metrics and the live page, until Ctrl-C.",
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {
      "0:Ctrl-C or SIGTERM ended it",
      "2:the address cannot be had, Kafka refuses us, or the command line is wrong"
    },
    footer = {
      "",
      "Whoever can reach the address can read what the captures hold: by default that is this"
          + " machine only."
    })
final class ServeCommand implements Callable<Integer> {
  private static final Duration LOOK_AGAIN = Duration.ofSeconds(1);

  private final Terminal terminal;

  @Option(
      names = "--host",
      paramLabel = "ADDRESS",
      defaultValue = "127.0.0.1",
      description = "Address to listen on; 0.0.0.0 is every one. Default: 127.0.0.1.")
  private String host;

  @Option(
      names = "--port",
      paramLabel = "PORT",
      defaultValue = "9464",
      description = "TCP port; 0 picks a free one. Default: 9464.")
  private int port;

  @Option(
      names = "--application-id",
      paramLabel = "ID",
      defaultValue = "dmascope-replay",
      description = "The replay engine's, to tell how far it is behind. Default: dmascope-replay.")
  private String applicationId;

  @Mixin private KafkaOptions kafka = new KafkaOptions();

  @Mixin private RunOption run = new RunOption();

  @Mixin private IgnoreOptions ignores = new IgnoreOptions();

  ServeCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws IOException {
    if (port < 0 || port > 65535) {
      throw new CommandException("a port is 0 to 65535, not " + port);
    }
    Topics topics = kafka.topicsOf(run.text());
    AnalyticsConfig config =
        new AnalyticsConfig(
            kafka.bootstrapServers(), kafka.settings(), topics, Optional.of(group(topics)));
    AnalyticsState state = new AnalyticsState(ignores.read());
    try (UntilInterrupted interrupt = new UntilInterrupted();
        AnalyticsService service = new AnalyticsService(config, state);
        AnalyticsServer server = new AnalyticsServer(new InetSocketAddress(host, port), state)) {
      server.start();
      Thread reader = Thread.ofPlatform().name("dmascope-analytics").start(service);
      terminal.out().println("Live page " + server.url());
      terminal.out().println("Metrics   " + server.url() + "metrics");
      terminal.out().flush();
      while (!interrupt.within(LOOK_AGAIN)) {
        if (!reader.isAlive()) {
          throw new CommandException("reading the topics ended; the log says why");
        }
      }
    }
    return ExitCode.OK;
  }

  private String group(Topics topics) {
    return topics.run().isLive() ? applicationId : HistoricalConfig.groupOf(topics);
  }
}
