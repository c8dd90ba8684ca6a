package io.dmascope.schemas;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/**
 * Creates the topics that a cluster does not have yet; those it has are left as they are. Deletes
 * what a run leaves behind.
 */
public final class ClusterTopics {
  /** One attempt; several fit into the time that a caller is willing to wait. */
  private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(3);

  private ClusterTopics() {}

  /**
   * Creates what is missing, with the broker's default replication.
   *
   * @param connection Kafka client settings; {@code bootstrap.servers} at least
   * @param patience how long to try
   * @throws KafkaUnavailableException where no broker answers in that time or it refuses
   */
  public static void create(
      Map<String, String> connection, List<TopicSettings> topics, Duration patience) {
    String servers = connection.get(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG);
    try (Admin admin = Admin.create(config(connection, patience))) {
      for (KafkaFuture<Void> created :
          admin
              .createTopics(topics.stream().map(ClusterTopics::toNewTopic).toList())
              .values()
              .values()) {
        await("create a topic", created, TopicExistsException.class, servers, patience);
      }
    } catch (KafkaException e) {
      throw unusable(servers, e);
    }
  }

  /**
   * Deletes topics and consumer groups; those that are not there are no reason to complain.
   *
   * @throws KafkaUnavailableException where no broker answers in that time or it refuses
   */
  public static void delete(
      Map<String, String> connection, List<String> topics, List<String> groups, Duration patience) {
    String servers = connection.get(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG);
    try (Admin admin = Admin.create(config(connection, patience))) {
      for (KafkaFuture<Void> deleted : admin.deleteTopics(topics).topicNameValues().values()) {
        await("delete a topic", deleted, UnknownTopicOrPartitionException.class, servers, patience);
      }
      for (KafkaFuture<Void> deleted :
          admin.deleteConsumerGroups(groups).deletedGroups().values()) {
        await("delete a group", deleted, GroupIdNotFoundException.class, servers, patience);
      }
    } catch (KafkaException e) {
      throw unusable(servers, e);
    }
  }

  private static Map<String, Object> config(Map<String, String> connection, Duration patience) {
    Map<String, Object> config = new HashMap<>(connection);
    config.put(
        AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, Math.toIntExact(patience.toMillis()));
    config.put(
        AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG,
        Math.toIntExact(Math.min(REQUEST_TIMEOUT.toMillis(), patience.toMillis())));
    return config;
  }

  /** Thrown before anything is sent, e.g. for a host name that does not resolve. */
  private static KafkaUnavailableException unusable(String servers, KafkaException e) {
    return new KafkaUnavailableException(
        "cannot use these Kafka servers [bootstrap=%s] [cause=%s]"
            .formatted(servers, rootMessage(e)),
        e);
  }

  private static NewTopic toNewTopic(TopicSettings topic) {
    return new NewTopic(topic.name(), Optional.of(topic.partitions()), Optional.empty())
        .configs(topic.config());
  }

  private static void await(
      String what,
      KafkaFuture<Void> done,
      Class<? extends Exception> wanted,
      String servers,
      Duration patience) {
    try {
      done.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new KafkaUnavailableException("interrupted while waiting for Kafka", e);
    } catch (ExecutionException e) {
      if (wanted.isInstance(e.getCause())) {
        return; // as it should be
      }
      switch (e.getCause()) {
        case TimeoutException timeout ->
            throw new KafkaUnavailableException(
                "no Kafka broker answers [bootstrap=%s] [waited=%d s]"
                    .formatted(servers, patience.toSeconds()),
                timeout);
        case Throwable refused ->
            throw new KafkaUnavailableException(
                "Kafka refuses to %s [bootstrap=%s] [cause=%s]"
                    .formatted(what, servers, refused.getMessage()),
                refused);
      }
    }
  }

  private static String rootMessage(Throwable thrown) {
    Throwable root = thrown;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return root.getMessage();
  }
}
