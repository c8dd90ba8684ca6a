package io.dmascope.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.dmascope.cli.broker.EmbeddedBroker;
import io.dmascope.model.event.TraceEvent;
import io.dmascope.producer.publish.PublishProgress;
import io.dmascope.producer.publish.TracePublisher;
import io.dmascope.replay.ReplayEngine;
import io.dmascope.schemas.Topics;
import java.io.File;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

/** The same capture gives the same findings, byte for byte, whatever happens on its way. */
final class KafkaRoadTest {
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
    // A repetition has topics of its own too.
    String prefix =
        test.getTestMethod().orElseThrow().getName() + "-" + ATTEMPTS.incrementAndGet() + ".";
    road = new Road(broker.bootstrapServers(), new Topics(prefix));
  }

  @Test
  void throughKafka_isAsOffline() throws Exception {
    Map<String, List<TraceEvent>> captures = RandomDriver.captures(3, 5_000);
    road.publish(captures.values());
    try (ReplayEngine engine = ReplayEngine.start(road.engine(stateDir))) {
      road.awaitEnded(3);
      assertThat(engine.metrics().events())
          .isEqualTo(captures.values().stream().mapToLong(List::size).sum());
      assertThat(engine.failure()).isEmpty();
    }
    road.assertAsOffline(captures);
  }

  @Test
  void severalThreads_giveTheSame() throws Exception {
    Map<String, List<TraceEvent>> captures = RandomDriver.captures(8, 2_000);
    road.publish(captures.values());
    try (ReplayEngine engine = ReplayEngine.start(road.engine(stateDir).withThreads(3))) {
      road.awaitEnded(8);
      assertThat(engine.failure()).isEmpty();
    }
    road.assertAsOffline(captures);
  }

  @Test
  void restartInTheMiddle_givesTheSame() throws Exception {
    Map<String, List<TraceEvent>> captures = RandomDriver.captures(3, 5_000);
    for (int part = 0; part < 3; part++) {
      publishPart(captures, (part + 1) / 3.0);
      try (ReplayEngine engine = ReplayEngine.start(road.engine(stateDir.resolve("" + part)))) {
        awaitNoLag(engine);
      }
    }
    road.assertAsOffline(captures);
  }

  @Test
  void engineThatJoins_givesTheSame() throws Exception {
    Map<String, List<TraceEvent>> captures = RandomDriver.captures(8, 3_000);
    publishPart(captures, 0.4);
    try (ReplayEngine first = ReplayEngine.start(road.engine(stateDir.resolve("1")))) {
      awaitNoLag(first);
      try (ReplayEngine second = ReplayEngine.start(road.engine(stateDir.resolve("2")))) {
        assertThat(second.awaitRunning(Duration.ofSeconds(30))).isTrue();
        publishPart(captures, 0.7);
        awaitNoLag(second);
        assertThat(second.failure()).isEmpty();
      }
      publishPart(captures, 1);
      road.awaitEnded(8);
      assertThat(first.failure()).isEmpty();
    }
    road.assertAsOffline(captures);
  }

  @Test
  void killedEngine_givesTheSame() throws Exception {
    Map<String, List<TraceEvent>> captures = RandomDriver.captures(3, 6_000);
    int findings = 0;
    for (double part : new double[] {0.6, 1}) {
      publishPart(captures, part);
      Process engine = startEngineProcess();
      road.awaitMoreFindingsThan(findings);
      engine.destroyForcibly().waitFor();
      findings = road.read(road.topics().violations(), false).size();
    }
    Process last = startEngineProcess();
    road.awaitEnded(3);
    last.destroyForcibly().waitFor();
    road.assertAsOffline(captures);
  }

  @Test
  void interruptedPublication_isResumedWithoutRepetition() throws Exception {
    Map<String, List<TraceEvent>> captures = RandomDriver.captures(1, 4_000);
    List<TraceEvent> capture = captures.values().iterator().next();
    road.publish(List.of(capture.subList(0, 1_550)));
    try (TracePublisher publisher = TracePublisher.open(road.publisher(), PublishProgress.NONE)) {
      capture.forEach(publisher::event);
      assertThat(publisher.counts().skippedEvents()).isEqualTo(1_550);
    }
    try (ReplayEngine engine = ReplayEngine.start(road.engine(stateDir))) {
      road.awaitEnded(1);
      assertThat(engine.metrics().repeatedEvents()).isZero();
      assertThat(engine.metrics().missingEvents()).isZero();
    }
    road.assertAsOffline(captures);
  }

  private static void awaitNoLag(ReplayEngine engine) {
    await()
        .atMost(Duration.ofSeconds(60))
        .pollInterval(Duration.ofMillis(100))
        .until(() -> engine.lag().equals(OptionalLong.of(0)));
  }

  private void publishPart(Map<String, List<TraceEvent>> captures, double part) {
    road.publish(
        captures.values().stream()
            .map(capture -> capture.subList(0, (int) (capture.size() * part)))
            .toList());
  }

  private Process startEngineProcess() throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of("-XX:TieredStopAtLevel=1", "-cp", System.getProperty("java.class.path")));
    command.add(EngineProcess.class.getName());
    command.add(road.bootstrapServers());
    command.add(road.topics().prefix());
    command.add(stateDir.toString());
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(new File("target", "engine-process.log"))
        .start();
  }
}
