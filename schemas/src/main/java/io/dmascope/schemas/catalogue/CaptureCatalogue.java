package io.dmascope.schemas.catalogue;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.dmascope.model.event.CaptureFacts;
import io.dmascope.schemas.TopicScan;
import io.dmascope.schemas.Topics;
import io.dmascope.schemas.codec.CaptureRecord;
import io.dmascope.schemas.codec.CaptureRecordCodec;
import io.dmascope.schemas.codec.UndecodableRecordException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;

/** What the captures topic holds now. */
public final class CaptureCatalogue {
  /** Header of what is known of a capture before its events: the rig's name, as UTF-8 text. */
  public static final String RIG_HEADER = "dmascope.rig";

  private final Map<String, CatalogueEntry> started = new TreeMap<>();
  private final Map<String, CaptureRecord.Ended> ended = new HashMap<>();
  private long undecodable;

  private CaptureCatalogue() {}

  /** Reads the topic. */
  public static CaptureCatalogue read(TopicScan scan, Topics topics) {
    CaptureCatalogue catalogue = new CaptureCatalogue();
    scan.read(topics.captures(), catalogue::take);
    return catalogue;
  }

  private void take(ConsumerRecord<byte[], byte[]> record) {
    if (record.value() == null) {
      remove(record.key());
      return;
    }
    try {
      switch (CaptureRecordCodec.decode(record.value())) {
        case CaptureRecord.Started capture -> start(capture.facts(), record);
        case CaptureRecord.Ended capture -> ended.put(capture.captureId(), capture);
      }
    } catch (UndecodableRecordException e) {
      undecodable++;
    }
  }

  private void start(CaptureFacts facts, ConsumerRecord<byte[], byte[]> record) {
    Header rig = record.headers().lastHeader(RIG_HEADER);
    started.put(
        facts.captureId(),
        new CatalogueEntry(
            facts,
            rig == null ? "" : new String(rig.value(), UTF_8),
            record.timestamp(),
            Optional.empty()));
  }

  private void remove(byte[] key) {
    Topics.captureOf(key)
        .ifPresent(
            captureId -> {
              started.remove(captureId);
              ended.remove(captureId);
            });
  }

  /** By capture id; one that nothing but its end is known of is left out. */
  public List<CatalogueEntry> entries() {
    List<CatalogueEntry> entries = new ArrayList<>();
    started.forEach(
        (captureId, entry) ->
            entries.add(
                new CatalogueEntry(
                    entry.facts(),
                    entry.rig(),
                    entry.publishedMs(),
                    Optional.ofNullable(ended.get(captureId)))));
    return entries;
  }

  /** Records of the topic that are not ours. */
  public long undecodable() {
    return undecodable;
  }
}
