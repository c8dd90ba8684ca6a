package io.dmascope.analytics;

import io.dmascope.model.finding.DeviceSummary;
import io.dmascope.model.finding.MappingLifecycle;
import io.dmascope.model.finding.Violation;
import io.dmascope.schemas.QuarantineHeaders;
import io.dmascope.schemas.Topics;
import io.dmascope.schemas.codec.CaptureRecord;
import io.dmascope.schemas.codec.CaptureRecordCodec;
import io.dmascope.schemas.codec.Captured;
import io.dmascope.schemas.codec.DeviceSummaryCodec;
import io.dmascope.schemas.codec.MappingChunkDecoder;
import io.dmascope.schemas.codec.UndecodableRecordException;
import io.dmascope.schemas.codec.ViolationCodec;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Puts the records of each topic into the aggregates. */
final class TopicReader {
  private static final Logger LOG = LoggerFactory.getLogger(TopicReader.class);

  /** Undecodable records that are shown one by one; all are counted. */
  private static final int SHOWN_MAX = 10;

  private interface ValueReader {
    void read(byte[] value) throws UndecodableRecordException;
  }

  private final Topics topics;
  private final AnalyticsState state;
  private final Map<String, ValueReader> readers;
  private Set<String> passedOver = Set.of();
  private int shown;

  TopicReader(Topics topics, AnalyticsState state) {
    this.state = state;
    this.readers =
        Map.of(
            topics.captures(), value -> capture(CaptureRecordCodec.decode(value)),
            topics.violations(), value -> violation(ViolationCodec.decode(value)),
            topics.summaries(), value -> summary(DeviceSummaryCodec.decode(value)),
            topics.mappings(), value -> mappings(MappingChunkDecoder.decode(value)));
    this.topics = topics;
    state.expect(topics.quarantine(), topics.events());
    readers.keySet().forEach(topic -> state.expect(topic, topic));
  }

  /** Records about these captures change nothing from now on. */
  void passOver(Set<String> captureIds) {
    passedOver = captureIds;
  }

  /** Reads one record; one that does not decode is counted, shown and left behind. */
  void read(ConsumerRecord<byte[], byte[]> source) {
    state.consumed(source.topic());
    if (source.topic().equals(topics.quarantine())) {
      state.quarantined(origin(source));
    } else if (source.value() != null) {
      decode(source);
    } // else a tombstone of a compacted topic: what it deletes was never ours to keep
  }

  /** The topic that a record in quarantine came from. */
  private String origin(ConsumerRecord<byte[], byte[]> source) {
    Header topic = source.headers().lastHeader(QuarantineHeaders.TOPIC);
    return topic == null ? topics.events() : new String(topic.value(), StandardCharsets.UTF_8);
  }

  private void decode(ConsumerRecord<byte[], byte[]> source) {
    try {
      readers.get(source.topic()).read(source.value());
    } catch (UndecodableRecordException e) {
      state.quarantined(source.topic());
      show(source, e);
    }
  }

  private void show(ConsumerRecord<byte[], byte[]> source, UndecodableRecordException e) {
    if (shown < SHOWN_MAX) {
      shown++;
      LOG.warn(
          "Passing over an undecodable record: {} [topic={}] [partition={}] [offset={}]{}",
          e.getMessage(),
          source.topic(),
          source.partition(),
          source.offset(),
          shown == SHOWN_MAX ? "; further ones are only counted" : "");
    }
  }

  void capture(CaptureRecord capture) {
    if (passedOver.contains(capture.captureId())) {
      return;
    }
    switch (capture) {
      case CaptureRecord.Started started -> state.capture(started.facts());
      case CaptureRecord.Ended ended ->
          state.ended(ended.captureId(), ended.lastSequence(), ended.input(), ended.coverage());
    }
  }

  private void violation(Captured<Violation> violation) {
    if (!passedOver.contains(violation.captureId())) {
      state.violation(violation.captureId(), violation.value());
    }
  }

  private void summary(Captured<DeviceSummary> summary) {
    if (!passedOver.contains(summary.captureId())) {
      state.summary(summary.captureId(), summary.value());
    }
  }

  private void mappings(Captured<List<MappingLifecycle>> closed) {
    if (!passedOver.contains(closed.captureId())) {
      state.lifecycles(closed.captureId(), closed.value());
    }
  }
}
