package io.dmascope.producer.publish;

import io.dmascope.schemas.Topics;
import io.dmascope.schemas.codec.EventChunk;
import io.dmascope.schemas.codec.EventChunkDecoder;
import io.dmascope.schemas.codec.UndecodableRecordException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * Looks for the last chunk of a capture at the end of its partition.
 *
 * <p>Only the last {@value #RECORDS_MAX} records are read. Where other captures have pushed the
 * chunk farther back, it is not found, everything is published again, and the engine passes the
 * repetitions over: that is correct too, only slower.
 */
final class PublishedTail {
  private static final int RECORDS_MAX = 2000;
  private static final Duration POLL = Duration.ofMillis(200);

  private PublishedTail() {}

  static Optional<EventChunk> lastChunk(
      Consumer<byte[], byte[]> consumer, TopicPartition partition, String captureId) {
    consumer.assign(List.of(partition));
    long end = consumer.endOffsets(List.of(partition)).get(partition);
    long begin = consumer.beginningOffsets(List.of(partition)).get(partition);
    consumer.seek(partition, Math.max(begin, end - RECORDS_MAX));
    byte[] key = Topics.captureKey(captureId);
    byte[] last = null;
    while (consumer.position(partition) < end) {
      for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
        if (Arrays.equals(record.key(), key)) {
          last = record.value();
        }
      }
    }
    return decode(last);
  }

  private static Optional<EventChunk> decode(byte[] value) {
    if (value == null) {
      return Optional.empty();
    }
    try {
      return Optional.of(EventChunkDecoder.decode(value));
    } catch (UndecodableRecordException e) {
      // Not ours, though under our key. Publishing from the start is right in any case.
      return Optional.empty();
    }
  }
}
