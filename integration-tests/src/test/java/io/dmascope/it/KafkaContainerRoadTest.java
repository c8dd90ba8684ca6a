package io.dmascope.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.github.dockerjava.api.exception.NotFoundException;
import io.dmascope.model.event.TraceEvent;
import io.dmascope.replay.ReplayEngine;
import io.dmascope.schemas.Topics;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.testcontainers.DockerClientFactory;
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

  @BeforeAll
  static void needDockerAndTheImage() {
    assumeTrue(
        DockerClientFactory.instance().isDockerAvailable(),
        "skipped, because no Docker engine answers; the same runs on the embedded broker");
    assumeTrue(
        hasImage(),
        "skipped, because the Docker engine has no image " + IMAGE + "; docker pull brings it");
  }

  private static boolean hasImage() {
    try {
      DockerClientFactory.instance().client().inspectImageCmd(IMAGE).exec();
      return true;
    } catch (NotFoundException e) {
      return false; // That is the question.
    }
  }

  @Test
  void throughKafkaInAContainer_isAsOffline() throws Exception {
    Map<String, List<TraceEvent>> captures = RandomDriver.captures(3, 5_000);
    DockerImageName image = DockerImageName.parse(IMAGE).asCompatibleSubstituteFor("apache/kafka");
    try (KafkaContainer kafka = new KafkaContainer(image)) {
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
