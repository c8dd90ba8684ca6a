package io.dmascope.cli;

import io.dmascope.model.event.TraceEvent;
import io.dmascope.schemas.Topics;
import io.dmascope.schemas.codec.EventChunk;
import io.dmascope.schemas.codec.EventChunkDecoder;
import io.dmascope.schemas.codec.UndecodableRecordException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** What a consumer sees of the only capture in the events topic, chunk by chunk, as it comes. */
final class PublishedEvents implements AutoCloseable {
  private final KafkaConsumer<byte[], byte[]> consumer;
  private final List<EventChunk> chunks = new ArrayList<>();

  PublishedEvents(String bootstrapServers, Topics topics, int partitions) {
    consumer =
        new KafkaConsumer<>(
            Map.of(
                ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                bootstrapServers,
                ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                "earliest"),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer());
    List<TopicPartition> all = new ArrayList<>();
    for (int partition = 0; partition < partitions; partition++) {
      all.add(new TopicPartition(topics.events(), partition));
    }
    consumer.assign(all);
  }

  /** Reads on for a moment and returns all events so far. */
  List<TraceEvent> events() throws UndecodableRecordException {
    for (var record : consumer.poll(Duration.ofMillis(100))) {
      chunks.add(EventChunkDecoder.decode(record.value()));
    }
    return chunks.stream().flatMap(chunk -> chunk.events().stream()).toList();
  }

  @Override
  public void close() {
    consumer.close();
  }
}
