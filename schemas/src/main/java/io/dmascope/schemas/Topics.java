package io.dmascope.schemas;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.utils.Utils;

/**
 * The topics of one installation, their keys and their settings.
 *
 * <p>The key begins with the capture id, so that a capture stays in one partition and in order.
 * Where the latest record of several things is kept, what is kept apart follows after U+001F.
 *
 * <p>What a run concludes is on topics of its own: those of the live run have the plain names,
 * those of a replay the run's name in between. The events are everybody's.
 *
 * @param prefix what all names begin with; {@code dmascope.} unless several installations share a
 *     cluster
 * @param run whose conclusions these are
 */
public record Topics(String prefix, RunName run) {
  public static final Topics DEFAULT = new Topics("dmascope.");

  /** Largest record the events topic takes; a chunk is usually a thousandth of it. */
  public static final int RECORD_BYTES_MAX = 4 << 20;

  private static final int MIB = 1 << 20;
  private static final long GIB = 1L << 30;
  private static final char SEPARATOR = '\u001f';

  public Topics {
    // Kafka takes these characters and no others; the longest name is to stay within its 249.
    if (!prefix.matches("[a-zA-Z0-9._-]{0,150}")) {
      throw new IllegalArgumentException(
          "a topic prefix has up to 150 letters, digits, dots, underscores, hyphens [prefix=%s]"
              .formatted(prefix));
    }
  }

  /** Topics of the live run. */
  public Topics(String prefix) {
    this(prefix, RunName.LIVE);
  }

  /** The topics of the same installation on which that run writes. */
  public Topics of(RunName other) {
    return new Topics(prefix, other);
  }

  /** Chunks of trace events: the archive that is replayed. */
  public String events() {
    return prefix + "events";
  }

  /** The runs there are: one record a run, the latest counts. */
  public String runs() {
    return prefix + "runs";
  }

  /** What is known of each capture before its events, and what came of it. */
  public String captures() {
    return output("captures");
  }

  /** One finding a record. */
  public String violations() {
    return output("violations");
  }

  /** Mappings that ended, in chunks. */
  public String mappings() {
    return output("mappings");
  }

  /** How each device stands, at intervals of event time. */
  public String summaries() {
    return output("summaries");
  }

  /** Records that could not be replayed, as they came, with the reason in their headers. */
  public String quarantine() {
    return output("quarantine");
  }

  /** Where a replay keeps its models, so that it can go on; the live run leaves this to Kafka. */
  public String state() {
    return output("state");
  }

  private String output(String what) {
    return run.isLive() ? prefix + what : prefix + "run." + run.name() + "." + what;
  }

  /** The capture of a key of the events, violations and mappings. */
  public static String captureOfKey(byte[] key) {
    return new String(key, StandardCharsets.UTF_8);
  }

  /** Partition of a capture's records: where Kafka's producer puts records of that key. */
  public static int partitionOf(String captureId, int partitions) {
    return Utils.toPositive(Utils.murmur2(captureKey(captureId))) % partitions;
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

  /** The capture that a key of the captures topic is about; nothing for another key. */
  public static Optional<String> captureOf(byte[] key) {
    String text = key == null ? "" : new String(key, StandardCharsets.UTF_8);
    int separator = text.lastIndexOf(SEPARATOR);
    return separator < 0 ? Optional.empty() : Optional.of(text.substring(0, separator));
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
        new TopicSettings(quarantine(), 1, quarantined()),
        new TopicSettings(runs(), 1, compacted()));
  }

  /**
   * What a replay writes on. One partition each: a replay is one process, and captures keep their
   * order by their keys.
   */
  public List<TopicSettings> replaySettings() {
    if (run.isLive()) {
      throw new IllegalStateException("the live run's topics are those of the installation");
    }
    return List.of(
        new TopicSettings(violations(), 1, kept(Duration.ofDays(365), 4 * GIB)),
        new TopicSettings(mappings(), 1, kept(Duration.ofDays(7), 16 * GIB)),
        new TopicSettings(summaries(), 1, compacted()),
        new TopicSettings(captures(), 1, compacted()),
        new TopicSettings(quarantine(), 1, quarantined()),
        new TopicSettings(state(), 1, compacted()));
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
