package io.dmascope.cli;

import io.dmascope.cli.broker.EmbeddedBroker;
import io.dmascope.schemas.Topics;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/**
 * Measures how long a line takes from standard input to a consumer of the topic, when lines are
 * rare: {@code LatencyBench [LINES]}, by hand. Lines come at random, up to two seconds apart, so
 * that they meet the publisher's clock at every phase.
 */
final class LatencyBench {
  private static final long APART_NS_MAX = TimeUnit.SECONDS.toNanos(2);

  private LatencyBench() {}

  public static void main(String[] args) throws Exception {
    int lines = args.length > 0 ? Integer.parseInt(args[0]) : 100;
    List<String> maps = MisuseRecording.maps();
    try (EmbeddedBroker broker = EmbeddedBroker.startTemporary();
        LiveCommand publish =
            LiveCommand.start(
                "publish", "-b", broker.bootstrapServers(), "--partitions", "1", "-");
        PublishedEvents published =
            new PublishedEvents(broker.bootstrapServers(), Topics.DEFAULT, 1)) {
      publish.feed(maps.subList(0, 1));
      await(published, 2);
      Random random = new Random(1);
      long[] latencyNs = new long[lines];
      for (int line = 0; line < lines; line++) {
        TimeUnit.NANOSECONDS.sleep(random.nextLong(APART_NS_MAX));
        long startNs = System.nanoTime();
        publish.feed(maps.subList(line % maps.size(), line % maps.size() + 1));
        await(published, line + 3);
        latencyNs[line] = System.nanoTime() - startNs;
      }
      publish.end();
      Arrays.sort(latencyNs);
      System.out.printf(
          Locale.ROOT,
          "%d lines: median %.0f ms, 99%% %.0f ms, max %.0f ms%n",
          lines,
          latencyNs[lines / 2] / 1e6,
          latencyNs[lines * 99 / 100] / 1e6,
          latencyNs[lines - 1] / 1e6);
    }
    System.exit(0); // the reader of standard input waits for more
  }

  private static void await(PublishedEvents published, int events) throws Exception {
    while (published.events().size() < events) {
      // The consumer waits.
    }
  }
}
