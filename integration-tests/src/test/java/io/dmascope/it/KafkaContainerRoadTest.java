package io.dmascope.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.dmascope.model.event.TraceEvent;
import io.dmascope.replay.ReplayEngine;
import io.dmascope.schemas.Topics;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.testcontainers.kafka.KafkaContainer;
import org.testcontainers.utility.DockerImageName;

/**
 * The road on Kafka as it is shipped. Needs a Docker engine that has the image already; {@code
 * DMASCOPE_KAFKA_IMAGE} names another one that takes the same settings.
 */
final class KafkaContainerRoadTest {
  private static final String IMAGE =
      System.getenv().getOrDefault("DMASCOPE_KAFKA_IMAGE", "apache/kafka:4.3.1");

  @TempDir Path stateDir;

  private static void needDockerAndTheImage() throws InterruptedException {
    assumeTrue(
        docker("version"),
        "skipped, because no Docker engine answers; the same runs on the embedded broker");
    assumeTrue(
        docker("image", "inspect", IMAGE),
        "skipped, because the Docker engine has no image " + IMAGE + "; docker pull brings it");
  }

  /** Asks before Testcontainers does, which would go and download what it misses. */
  private static boolean docker(String... arguments) throws InterruptedException {
    List<String> command = new ArrayList<>(List.of("docker"));
    command.addAll(List.of(arguments));
    try {
      Process docker =
          new ProcessBuilder(command)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      boolean answered = docker.waitFor(20, TimeUnit.SECONDS);
      docker.destroyForcibly();
      return answered && docker.exitValue() == 0;
    } catch (IOException e) {
      return false; // There is no such program.
    }
  }

  @Test
  void throughKafkaInAContainer_isAsOffline() throws Exception {
    needDockerAndTheImage();
    Map<String, List<TraceEvent>> captures = RandomDriver.captures(3, 5_000);
    DockerImageName image = DockerImageName.parse(IMAGE).asCompatibleSubstituteFor("apache/kafka");
    try (KafkaContainer kafka = new KafkaContainer(image)) {
      // The road's tests give up on a dead engine sooner than a broker's default allows.
      kafka.withEnv("KAFKA_GROUP_MIN_SESSION_TIMEOUT_MS", "1000");
      kafka.start();
      Road road = new Road(kafka.getBootstrapServers(), new Topics("container."));
      road.publish(captures.values());
      try (ReplayEngine engine = ReplayEngine.start(road.engine(stateDir))) {
        road.awaitEnded(captures.size());
        assertThat(engine.failure()).isEmpty();
      }
      road.assertAsOffline(captures);
    }
  }
}
