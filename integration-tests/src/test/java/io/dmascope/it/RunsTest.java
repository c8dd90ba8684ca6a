package io.dmascope.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dmascope.cli.broker.EmbeddedBroker;
import io.dmascope.model.event.TraceEvent;
import io.dmascope.model.finding.Violation;
import io.dmascope.replay.Conclusions;
import io.dmascope.replay.HistoricalConfig;
import io.dmascope.replay.HistoricalReplay;
import io.dmascope.replay.Pace;
import io.dmascope.replay.ReplayEngine;
import io.dmascope.schemas.RunName;
import io.dmascope.schemas.Topics;
import io.dmascope.schemas.codec.RunRecord;
import io.dmascope.schemas.codec.ViolationCodec;
import io.dmascope.schemas.runs.RunException;
import io.dmascope.schemas.runs.RunRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

/** What one run concludes touches no other run. */
final class RunsTest {
  private static final AtomicInteger ATTEMPTS = new AtomicInteger();

  private static EmbeddedBroker broker;

  @TempDir Path stateDir;
  private Road road;

  @BeforeAll
  static void startBroker() throws Exception {
    broker = EmbeddedBroker.startTemporary();
  }

  @AfterAll
  static void stopBroker() {
    broker.close();
  }

  @BeforeEach
  void useTopicsOfThisTest(TestInfo test) {
    String prefix =
        test.getTestMethod().orElseThrow().getName() + "-" + ATTEMPTS.incrementAndGet() + ".";
    road = new Road(broker.bootstrapServers(), new Topics(prefix));
  }

  @Test
  void replaysBesideTheLiveEngine_touchNothingOfIt() throws Exception {
    Map<String, List<TraceEvent>> captures = RandomDriver.captures(4, 3_000);
    road.publish(captures.values().stream().map(c -> c.subList(0, c.size() / 2)).toList());
    try (ReplayEngine engine = ReplayEngine.start(road.engine(stateDir));
        ExecutorService replays = Executors.newFixedThreadPool(3)) {
      road.awaitMoreFindingsThan(0);
      List<Future<Boolean>> results = new ArrayList<>();
      for (int i = 0; i < 10; i++) {
        String name = "again-" + i;
        results.add(replays.submit(() -> replay(name, captures.keySet(), Conclusions.Choice.ALL)));
      }
      road.publish(captures.values());
      for (Future<Boolean> result : results) {
        assertThat(result.get()).isTrue();
      }
      road.awaitEnded(4);
      assertThat(engine.failure()).isEmpty();
    }
    road.assertAsOffline(captures); // the bytes of the live run
    assertThat(road.read(road.topics().violations(), true))
        .allMatch(record -> runOf(record).equals("live"));
    assertThat(registry().runs()).hasSize(11);
  }

  @Test
  void replay_isAsOffline() throws Exception {
    Map<String, List<TraceEvent>> captures = RandomDriver.captures(3, 5_000);
    road.publish(captures.values());

    assertThat(replay("again", captures.keySet(), Conclusions.Choice.ALL)).isTrue();

    Road again = new Road(road.bootstrapServers(), road.topics().of(new RunName("again")));
    again.assertAsOffline(captures);
    assertThat(again.read(again.topics().violations(), true))
        .allMatch(record -> runOf(record).equals("again"));
    RunRecord run = registry().run(new RunName("again")).orElseThrow();
    assertThat(run.state()).isEqualTo(RunRecord.State.DONE);
    assertThat(run.events()).isEqualTo(captures.values().stream().mapToLong(List::size).sum());
  }

  @Test
  void replayStoppedAnywhere_goesOnAsIfItHadNot() throws Exception {
    Map<String, List<TraceEvent>> captures = RandomDriver.captures(3, 4_000);
    road.publish(captures.values());
    boolean done = false;
    int processes = 0;
    while (!done) {
      AtomicInteger asked = new AtomicInteger();
      try (HistoricalReplay replay =
          HistoricalReplay.open(config("again", captures.keySet(), Conclusions.Choice.ALL))) {
        done = replay.run(() -> asked.incrementAndGet() > 12, _ -> {});
      }
      processes++;
    }
    assertThat(processes).isGreaterThan(3);
    new Road(road.bootstrapServers(), road.topics().of(new RunName("again")))
        .assertAsOffline(captures);
  }

  @Test
  void pacedReplayStoppedWithinChunks_goesOnAsIfItHadNot() throws Exception {
    Map<String, List<TraceEvent>> captures = RandomDriver.captures(2, 1_000);
    road.publish(captures.values());
    boolean done = false;
    while (!done) {
      AtomicInteger asked = new AtomicInteger();
      HistoricalConfig config =
          withPace(config("again", captures.keySet(), Conclusions.Choice.ALL), new Pace(1_000_000));
      try (HistoricalReplay replay = HistoricalReplay.open(config)) {
        done = replay.run(() -> asked.incrementAndGet() > 333, _ -> {});
        assertThat(replay.pacedGaps()).isPositive();
      }
    }
    new Road(road.bootstrapServers(), road.topics().of(new RunName("again")))
        .assertAsOffline(captures);
  }

  @Test
  void partOfACapture_hasTheFindingsThatTheWholeHasThere() throws Exception {
    Map<String, List<TraceEvent>> captures = RandomDriver.captures(1, 4_000);
    String captureId = captures.keySet().iterator().next();
    List<TraceEvent> events = captures.get(captureId);
    long fromNs = events.get(1_000).header().timestampNs();
    long toNs = events.get(3_000).header().timestampNs();
    road.publish(captures.values());

    replay("part", captures.keySet(), (_, _) -> new Between(fromNs, toNs));

    List<String> expected =
        Road.offline(captureId, events).findings().stream()
            .filter(finding -> within(finding, fromNs, toNs))
            .toList();
    assertThat(expected).isNotEmpty();
    assertThat(
            new Road(road.bootstrapServers(), road.topics().of(new RunName("part")))
                .findings()
                .get(captureId))
        .isEqualTo(expected);
  }

  @Test
  void captureThatWasNotChosen_isLeftOut() throws Exception {
    Map<String, List<TraceEvent>> captures = RandomDriver.captures(3, 1_000);
    String chosen = captures.keySet().iterator().next();
    road.publish(captures.values());

    replay("one", Set.of(chosen), Conclusions.Choice.ALL);

    Road one = new Road(road.bootstrapServers(), road.topics().of(new RunName("one")));
    one.assertAsOffline(Map.of(chosen, captures.get(chosen)));
    assertThat(one.findings().keySet()).containsExactly(chosen);
  }

  @Test
  void secondApplication_cannotAddToTheLiveRun() {
    road.publish(RandomDriver.captures(1, 500).values());
    try (ReplayEngine engine = ReplayEngine.start(road.engine(stateDir))) {
      assertThatThrownBy(
              () -> ReplayEngine.start(road.engine(stateDir).withApplicationId("another")).close())
          .isInstanceOf(RunException.class)
          .hasMessageContaining("--as");
      assertThat(engine.failure()).isEmpty();
    }
  }

  @Test
  void nameWithOtherSettings_isRefused() {
    Map<String, List<TraceEvent>> captures = RandomDriver.captures(1, 500);
    road.publish(captures.values());
    replay("june", captures.keySet(), Conclusions.Choice.ALL);
    HistoricalConfig other = config("june", captures.keySet(), Conclusions.Choice.ALL);

    assertThatThrownBy(
            () -> HistoricalReplay.open(withSettings(other, Map.of("rules", "DMA-*"))).close())
        .isInstanceOf(RunException.class)
        .hasMessageContaining("june");
  }

  @Test
  void removedReplay_leavesNothingAndItsNameIsFree() throws Exception {
    Map<String, List<TraceEvent>> captures = RandomDriver.captures(1, 500);
    road.publish(captures.values());
    replay("june", captures.keySet(), Conclusions.Choice.ALL);

    registry().remove(registry().run(new RunName("june")).orElseThrow());

    assertThat(registry().run(new RunName("june"))).isEmpty();
    assertThat(replay("june", captures.keySet(), Conclusions.Choice.ALL)).isTrue();
    new Road(road.bootstrapServers(), road.topics().of(new RunName("june")))
        .assertAsOffline(captures);
  }

  /** Writes what was concluded in a part of the time. */
  private record Between(long fromNs, long toNs) implements Conclusions {
    @Override
    public boolean wants(Violation violation) {
      return wantsAt(violation.at().timestampNs());
    }

    @Override
    public boolean wantsAt(long timestampNs) {
      return timestampNs >= fromNs && timestampNs <= toNs;
    }
  }

  private static boolean within(String finding, long fromNs, long toNs) {
    try {
      return new Between(fromNs, toNs)
          .wants(ViolationCodec.decode(HexFormat.of().parseHex(finding)).value());
    } catch (io.dmascope.schemas.codec.UndecodableRecordException e) {
      throw new AssertionError(e);
    }
  }

  private boolean replay(String name, Set<String> captures, Conclusions.Choice choice) {
    try (HistoricalReplay replay = HistoricalReplay.open(config(name, captures, choice))) {
      return replay.run(() -> false, _ -> {});
    }
  }

  private HistoricalConfig config(String name, Set<String> captures, Conclusions.Choice choice) {
    return new HistoricalConfig(
        road.bootstrapServers(),
        Map.of(),
        road.topics().of(new RunName(name)),
        Map.of(),
        captures,
        choice,
        Pace.MAX,
        true,
        Duration.ofMillis(200),
        Duration.ofSeconds(15));
  }

  private static HistoricalConfig withPace(HistoricalConfig c, Pace pace) {
    return new HistoricalConfig(
        c.bootstrapServers(),
        c.kafka(),
        c.topics(),
        c.settings(),
        c.captures(),
        c.conclusions(),
        pace,
        c.mappings(),
        c.commitInterval(),
        c.patience());
  }

  private static HistoricalConfig withSettings(HistoricalConfig c, Map<String, String> settings) {
    return new HistoricalConfig(
        c.bootstrapServers(),
        c.kafka(),
        c.topics(),
        settings,
        c.captures(),
        c.conclusions(),
        c.pace(),
        c.mappings(),
        c.commitInterval(),
        c.patience());
  }

  private RunRegistry registry() {
    return new RunRegistry(
        Map.of("bootstrap.servers", road.bootstrapServers()),
        road.topics(),
        Duration.ofSeconds(15));
  }

  private static String runOf(ConsumerRecord<byte[], byte[]> record) {
    return new String(
        record.headers().lastHeader(RunName.HEADER).value(),
        java.nio.charset.StandardCharsets.UTF_8);
  }
}
