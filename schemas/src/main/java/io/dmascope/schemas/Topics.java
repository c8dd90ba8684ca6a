package io.dmascope.schemas;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * The topics of one installation, their keys and their settings.
 *
 * <p>The key begins with the capture id, so that a capture stays in one partition and in order.
 * Where the latest record of several things is kept, what is kept apart follows after U+001F.
 *
 * @param prefix what all names begin with; {@code dmascope.} unless several installations share a
 *     cluster
 */
public record Topics(String prefix) {
  public static final Topics DEFAULT = new Topics("dmascope.");

  /** Largest record the events topic takes; a chunk is usually a thousandth of it. */
  public static final int RECORD_BYTES_MAX = 4 << 20;

  private static final int MIB = 1 << 20;
  private static final long GIB = 1L << 30;
  private static final char SEPARATOR = '\u001f';

  public Topics {
    // Kafka takes these characters and no others; 'dmascope.' leaves ample room within 249.
    if (!prefix.matches("[a-zA-Z0-9._-]{0,200}")) {
      throw new IllegalArgumentException(
          "a topic prefix has up to 200 letters, digits, dots, underscores, hyphens [prefix=%s]"
              .formatted(prefix));
    }
  }

  /** Chunks of trace events: the archive that is replayed. */
  public String events() {
    return prefix + "events";
  }

  /** What is known of each capture before its events, and what came of it. */
  public String captures() {
    return prefix + "captures";
  }

  /** One finding a record. */
  public String violations() {
    return prefix + "violations";
  }

  /** Mappings that ended, in chunks. */
  public String mappings() {
    return prefix + "mappings";
  }

  /** How each device stands, at intervals of event time. */
  public String summaries() {
    return prefix + "summaries";
  }

  /** Records that could not be replayed, as they came, with the reason in their headers. */
  public String quarantine() {
    return prefix + "quarantine";
  }

  /** Key of the events, violations and mappings of a capture. */
  public static byte[] captureKey(String captureId) {
    return captureId.getBytes(StandardCharsets.UTF_8);
  }

  /** Key of what is known of a capture before its events. */
  public static byte[] captureInfoKey(String captureId) {
    return captureKey(captureId + SEPARATOR + "info");
  }

  /** Key of what came of a capture. */
  public static byte[] captureResultKey(String captureId) {
    return captureKey(captureId + SEPARATOR + "result");
  }

  /** Key of the latest summary of a device. */
  public static byte[] summaryKey(String captureId, String device) {
    return captureKey(captureId + SEPARATOR + device);
  }

  /**
   * The settings that fit each topic's use.
   *
   * @param partitions of the topics whose records are spread by capture: the most engine threads
   *     that can share the work
   */
  public List<TopicSettings> settings(int partitions) {
    return List.of(
        new TopicSettings(events(), partitions, kept(Duration.ofDays(30), 64 * GIB)),
        new TopicSettings(violations(), partitions, kept(Duration.ofDays(365), 4 * GIB)),
        new TopicSettings(mappings(), partitions, kept(Duration.ofDays(7), 16 * GIB)),
        new TopicSettings(summaries(), partitions, compacted()),
        new TopicSettings(captures(), 1, compacted()),
        new TopicSettings(quarantine(), 1, quarantined()));
  }

  /** Size counts per partition. Records stay compressed as their producer compressed them. */
  private static Map<String, String> kept(Duration time, long bytes) {
    return Map.of(
        "cleanup.policy", "delete",
        "retention.ms", Long.toString(time.toMillis()),
        "retention.bytes", Long.toString(bytes),
        "segment.bytes", Integer.toString(256 * MIB),
        "compression.type", "producer",
        "max.message.bytes", Integer.toString(RECORD_BYTES_MAX));
  }

  /** Small segments, because the active one is never compacted. */
  private static Map<String, String> compacted() {
    return Map.of(
        "cleanup.policy",
        "compact",
        "segment.bytes",
        Integer.toString(16 * MIB),
        "compression.type",
        "producer",
        "max.message.bytes",
        Integer.toString(RECORD_BYTES_MAX));
  }

  /** A record that just fitted the events topic fits here with the headers that explain it. */
  private static Map<String, String> quarantined() {
    return Map.of(
        "cleanup.policy", "delete",
        "retention.ms", Long.toString(Duration.ofDays(30).toMillis()),
        "retention.bytes", Long.toString(GIB),
        "segment.bytes", Integer.toString(64 * MIB),
        "compression.type", "producer",
        "max.message.bytes", Integer.toString(RECORD_BYTES_MAX + MIB));
  }
}
