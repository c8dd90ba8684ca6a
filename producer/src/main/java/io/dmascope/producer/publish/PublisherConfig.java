package io.dmascope.producer.publish;

import io.dmascope.schemas.Topics;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/**
 * How captures are published.
 *
 * @param bootstrapServers Kafka's {@code host:port} list
 * @param topics names of the topics
 * @param partitions of topics that have to be created
 * @param chunkEventsMax events a record, 1 to 100,000
 * @param chunkBytesMax bytes of a record, uncompressed, at which it is closed, 1 KiB to 1 MiB
 * @param linger how long an event waits for company at most, 1 ms to 60 s
 * @param compression Kafka's name: {@code zstd}, {@code lz4}, {@code snappy}, {@code gzip}, {@code
 *     none}
 * @param streaming true for a live source: Kafka's absence is waited out however long it takes,
 *     while the source is held back
 * @param patience how long to wait for Kafka at the start and, unless streaming, for each record
 * @param kafka further Kafka producer settings by their own names, e.g. for security; they win
 * @param rig name of the machine that made the captures, kept in the catalogue; empty where unknown
 */
public record PublisherConfig(
    String bootstrapServers,
    Topics topics,
    int partitions,
    int chunkEventsMax,
    int chunkBytesMax,
    Duration linger,
    String compression,
    boolean streaming,
    Duration patience,
    Map<String, String> kafka,
    String rig) {

  public static final int PARTITIONS = 8;

  /** Past some hundreds of events the cost of a record no longer shows. */
  public static final int CHUNK_EVENTS = 512;

  private static final int CHUNK_BYTES = 64 << 10;
  private static final Duration LINGER_MIN = Duration.ofMillis(1);
  private static final Duration LINGER_MAX = Duration.ofSeconds(60);

  public PublisherConfig {
    Objects.requireNonNull(topics, "topics");
    check(!bootstrapServers.isBlank(), "bootstrapServers", bootstrapServers, "host:port[,...]");
    check(partitions >= 1 && partitions <= 1000, "partitions", partitions, "1 to 1000");
    check(
        chunkEventsMax >= 1 && chunkEventsMax <= 100_000,
        "chunkEventsMax",
        chunkEventsMax,
        "1 to 100000");
    check(
        chunkBytesMax >= 1 << 10 && chunkBytesMax <= 1 << 20,
        "chunkBytesMax",
        chunkBytesMax,
        "1 KiB to 1 MiB");
    check(
        linger.compareTo(LINGER_MIN) >= 0 && linger.compareTo(LINGER_MAX) <= 0,
        "linger",
        linger,
        "1 ms to 60 s");
    check(
        compression.matches("zstd|lz4|snappy|gzip|none"),
        "compression",
        compression,
        "zstd, lz4, snappy, gzip or none");
    check(
        rig.matches("[^\\p{Cntrl}]{0,100}"),
        "rig",
        rig,
        "up to 100 characters that can be printed");
    check(patience.toMillis() >= 1, "patience", patience, "a positive time");
    kafka = Map.copyOf(kafka);
  }

  /** The usual publication of a file. */
  public static PublisherConfig of(String bootstrapServers) {
    return new PublisherConfig(
        bootstrapServers,
        Topics.DEFAULT,
        PARTITIONS,
        CHUNK_EVENTS,
        CHUNK_BYTES,
        Duration.ofSeconds(1),
        "zstd",
        false,
        Duration.ofSeconds(30),
        Map.of(),
        "");
  }

  public PublisherConfig withTopics(Topics newTopics, int newPartitions) {
    return new PublisherConfig(
        bootstrapServers,
        newTopics,
        newPartitions,
        chunkEventsMax,
        chunkBytesMax,
        linger,
        compression,
        streaming,
        patience,
        kafka,
        rig);
  }

  public PublisherConfig withChunkEventsMax(int newChunkEventsMax) {
    return new PublisherConfig(
        bootstrapServers,
        topics,
        partitions,
        newChunkEventsMax,
        chunkBytesMax,
        linger,
        compression,
        streaming,
        patience,
        kafka,
        rig);
  }

  public PublisherConfig withCompression(String newCompression) {
    return new PublisherConfig(
        bootstrapServers,
        topics,
        partitions,
        chunkEventsMax,
        chunkBytesMax,
        linger,
        newCompression,
        streaming,
        patience,
        kafka,
        rig);
  }

  /** Waits for Kafka however long it takes: for a live source. */
  public PublisherConfig withStreaming(boolean newStreaming) {
    return new PublisherConfig(
        bootstrapServers,
        topics,
        partitions,
        chunkEventsMax,
        chunkBytesMax,
        linger,
        compression,
        newStreaming,
        patience,
        kafka,
        rig);
  }

  public PublisherConfig withPatience(Duration newPatience) {
    return new PublisherConfig(
        bootstrapServers,
        topics,
        partitions,
        chunkEventsMax,
        chunkBytesMax,
        linger,
        compression,
        streaming,
        newPatience,
        kafka,
        rig);
  }

  public PublisherConfig withRig(String newRig) {
    return new PublisherConfig(
        bootstrapServers,
        topics,
        partitions,
        chunkEventsMax,
        chunkBytesMax,
        linger,
        compression,
        streaming,
        patience,
        kafka,
        newRig);
  }

  /** Adds a Kafka setting. */
  public PublisherConfig withKafka(String key, String value) {
    Map<String, String> more = new HashMap<>(kafka);
    more.put(key, value);
    return new PublisherConfig(
        bootstrapServers,
        topics,
        partitions,
        chunkEventsMax,
        chunkBytesMax,
        linger,
        compression,
        streaming,
        patience,
        more,
        rig);
  }

  private static void check(boolean holds, String name, Object value, String expected) {
    if (!holds) {
      throw new IllegalArgumentException(
          "%s must be %s [value=%s]".formatted(name, expected, value));
    }
  }
}
