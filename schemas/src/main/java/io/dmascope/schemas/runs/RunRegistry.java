package io.dmascope.schemas.runs;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.dmascope.schemas.ClusterTopics;
import io.dmascope.schemas.KafkaUnavailableException;
import io.dmascope.schemas.RunName;
import io.dmascope.schemas.TopicScan;
import io.dmascope.schemas.Topics;
import io.dmascope.schemas.codec.RunRecord;
import io.dmascope.schemas.codec.RunRecordCodec;
import io.dmascope.schemas.codec.UndecodableRecordException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * The runs topic, read and written.
 *
 * <p>Who comes first owns a name: of several records of one run the one with the lowest offset says
 * to which consumer group the run belongs. A run that is removed has a record without value, and
 * the name may be taken again.
 */
public final class RunRegistry {
  private final Map<String, String> connection;
  private final Topics topics;
  private final Duration patience;
  private long foreign;

  /**
   * @param connection Kafka client settings; {@code bootstrap.servers} at least
   */
  public RunRegistry(Map<String, String> connection, Topics topics, Duration patience) {
    this.connection = Map.copyOf(connection);
    this.topics = topics;
    this.patience = patience;
  }

  /** Records of the last reading that are none of ours. */
  public long foreign() {
    return foreign;
  }

  /** Every run's latest word, by name. */
  public List<RunRecord> runs() {
    Map<String, RunRecord> latest = new TreeMap<>();
    for (Map.Entry<String, List<RunRecord>> run : history().entrySet()) {
      latest.put(run.getKey(), run.getValue().getLast());
    }
    return List.copyOf(latest.values());
  }

  /** The latest word about a run. */
  public Optional<RunRecord> run(RunName name) {
    return Optional.ofNullable(history().get(name.name())).map(List::getLast);
  }

  /**
   * Takes the name for the run's group, unless another group has it.
   *
   * @return the run as it stands
   * @throws RunException where the name belongs to another group
   */
  public RunRecord claim(RunRecord wanted) {
    if (run(wanted.name()).isEmpty()) {
      put(wanted);
    }
    List<RunRecord> said = history().get(wanted.name().name());
    RunRecord owner = said.getFirst();
    if (!owner.group().equals(wanted.group())) {
      throw new RunException(
          ("the run %s belongs to the engines of application %s; to replay beside them without"
                  + " touching what they found, give the replay a name of its own with --as")
              .formatted(wanted.name(), owner.group()));
    }
    return said.getLast();
  }

  /** Writes a word about a run. */
  public void put(RunRecord run) {
    send(new ProducerRecord<>(topics.runs(), key(run.name()), RunRecordCodec.encode(run)));
  }

  /** Deletes a run that is not the live one: its topics, its offsets, its record. */
  public void remove(RunRecord run) {
    if (run.name().isLive()) {
      throw new RunException("the live run cannot be removed");
    }
    ClusterTopics.delete(
        connection,
        topics.of(run.name()).replaySettings().stream().map(topic -> topic.name()).toList(),
        List.of(run.group()),
        patience);
    send(new ProducerRecord<>(topics.runs(), key(run.name()), null));
  }

  /** The record's key. */
  public static byte[] key(RunName name) {
    return name.name().getBytes(UTF_8);
  }

  /** What was said about each run, oldest first, since it was last removed. */
  private Map<String, List<RunRecord>> history() {
    Map<String, List<RunRecord>> history = new HashMap<>();
    foreign = 0;
    try (TopicScan scan = new TopicScan(connection, patience)) {
      scan.read(
          topics.runs(),
          record -> {
            String name = record.key() == null ? "" : new String(record.key(), UTF_8);
            if (record.value() == null) {
              history.remove(name);
              return;
            }
            try {
              RunRecord run = RunRecordCodec.decode(record.value());
              history.computeIfAbsent(name, _ -> new ArrayList<>()).add(run);
            } catch (UndecodableRecordException e) {
              foreign++; // told by foreign(): somebody's mistake must not stop the engines
            }
          });
    }
    return history;
  }

  private void send(ProducerRecord<byte[], byte[]> record) {
    Map<String, Object> settings = new HashMap<>(connection);
    settings.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
    settings.put(ProducerConfig.ACKS_CONFIG, "all");
    int patienceMs = Math.toIntExact(patience.toMillis());
    settings.put(ProducerConfig.LINGER_MS_CONFIG, 0);
    settings.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, Math.min(10_000, patienceMs));
    settings.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, patienceMs + 1000);
    settings.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, (long) patienceMs);
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
      var _ = producer.send(record).get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new KafkaUnavailableException("interrupted while waiting for Kafka", e);
    } catch (InterruptException e) {
      throw new KafkaUnavailableException("interrupted while waiting for Kafka", e);
    } catch (ExecutionException e) {
      throw refused(e.getCause());
    } catch (KafkaException e) {
      throw refused(e);
    }
  }

  private KafkaUnavailableException refused(Throwable cause) {
    return new KafkaUnavailableException(
        "Kafka did not take a record of the runs [topic=%s] [cause=%s]"
            .formatted(topics.runs(), cause.getMessage()),
        cause);
  }
}
