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
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;

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

  /**
   * @param patience how long to wait for the next records
   * @throws TimeoutException where they do not come
   */
  static Optional<EventChunk> lastChunk(
      Consumer<byte[], byte[]> consumer,
      TopicPartition partition,
      String captureId,
      Duration patience) {
    consumer.assign(List.of(partition));
    long end = consumer.endOffsets(List.of(partition)).get(partition);
    long begin = consumer.beginningOffsets(List.of(partition)).get(partition);
    consumer.seek(partition, Math.max(begin, end - RECORDS_MAX));
    byte[] key = Topics.captureKey(captureId);
    byte[] last = null;
    long deadlineNs = System.nanoTime() + patience.toNanos();
    while (consumer.position(partition) < end) {
      ConsumerRecords<byte[], byte[]> records = consumer.poll(POLL);
      if (!records.isEmpty()) {
        deadlineNs = System.nanoTime() + patience.toNanos();
      } else if (System.nanoTime() - deadlineNs >= 0) {
        throw new TimeoutException("no records for %d s".formatted(patience.toSeconds()));
      }
      for (ConsumerRecord<byte[], byte[]> record : records) {
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
