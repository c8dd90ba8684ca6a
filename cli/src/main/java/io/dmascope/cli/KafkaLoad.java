package io.dmascope.cli;

import io.dmascope.producer.publish.LoadPublisher;
import io.dmascope.producer.publish.Pacer;
import io.dmascope.producer.publish.PublisherConfig;
import io.dmascope.producer.synthetic.SyntheticCapture;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Publishes made-up captures of many rigs at once, and says at which rate it came out. */
final class KafkaLoad {
  private static final int LOOK_MS = 250;

  /**
   * A load that is faster than its broker slows down, which is what it is there to show: records
   * wait in line, and longer than those of a publication. As long as Kafka's own default.
   */
  private static final Duration DELIVERY = Duration.ofMinutes(2);

  private final Terminal terminal;
  private final KafkaOptions kafka;
  private final long eventsPerSecond;

  /**
   * @param eventsPerSecond of all rigs together, 0 for as fast as it goes
   */
  KafkaLoad(Terminal terminal, KafkaOptions kafka, long eventsPerSecond) {
    this.terminal = terminal;
    this.kafka = kafka;
    this.eventsPerSecond = eventsPerSecond;
  }

  /**
   * Returns the exit status once Kafka has stored everything.
   *
   * @param expected about how many events there will be
   */
  int run(List<SyntheticCapture> captures, long expected) {
    long startNs = System.nanoTime();
    long events;
    long bytes;
    try (LoadPublisher publisher = LoadPublisher.open(config(), new Pacer(eventsPerSecond));
        Progress progress = new Progress(terminal, "publishing", Progress.Unit.EVENTS, expected)) {
      startNs = System.nanoTime();
      publish(captures, publisher, progress);
      events = publisher.events();
      bytes = publisher.bytes();
    }
    double seconds = (System.nanoTime() - startNs) / 1e9;
    terminal
        .out()
        .println(
            "%d %s: %,d events in %.1f s, %,.0f events/s%s, %,d bytes uncompressed"
                .formatted(
                    captures.size(),
                    captures.size() == 1 ? "rig" : "rigs",
                    events,
                    seconds,
                    events / seconds,
                    eventsPerSecond == 0 ? "" : " of %,d asked".formatted(eventsPerSecond),
                    bytes));
    return ExitCode.OK;
  }

  private static void publish(
      List<SyntheticCapture> captures, LoadPublisher publisher, Progress progress) {
    // A rig waits for its turn most of the time: threads that cost nothing while they do.
    try (ExecutorService rigs = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> running = new ArrayList<>();
      captures.forEach(
          capture -> running.add(rigs.submit(() -> capture.read(publisher.capture()))));
      for (Future<?> rig : running) {
        await(rig, publisher, progress);
      }
    }
  }

  private static void await(Future<?> rig, LoadPublisher publisher, Progress progress) {
    while (true) {
      try {
        rig.get(LOOK_MS, TimeUnit.MILLISECONDS);
        return;
      } catch (TimeoutException stillRunning) {
        progress.at(publisher.events()); // and another look
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new CommandException("interrupted", e);
      } catch (ExecutionException e) {
        if (e.getCause() instanceof RuntimeException cause) {
          throw cause;
        }
        throw new IllegalStateException(e.getCause());
      }
    }
  }

  private PublisherConfig config() {
    try {
      PublisherConfig config =
          PublisherConfig.of(kafka.bootstrapServers())
              .withTopics(kafka.topics(), PublisherConfig.PARTITIONS)
              .withPatience(kafka.patience());
      String deliveryMs = Long.toString(kafka.patience().plus(DELIVERY).toMillis());
      config = config.withKafka("delivery.timeout.ms", deliveryMs);
      config = config.withKafka("max.block.ms", deliveryMs);
      for (Map.Entry<String, String> setting : kafka.settings().entrySet()) {
        config = config.withKafka(setting.getKey(), setting.getValue());
      }
      return config;
    } catch (IllegalArgumentException e) {
      throw new CommandException(e.getMessage(), e);
    }
  }
}
