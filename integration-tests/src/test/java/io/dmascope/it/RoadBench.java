package io.dmascope.it;

import static org.awaitility.Awaitility.await;

import com.sun.management.OperatingSystemMXBean;
import io.dmascope.model.dma.DmaModel;
import io.dmascope.model.event.CaptureEnd;
import io.dmascope.model.event.CaptureFacts;
import io.dmascope.model.event.CaptureStart;
import io.dmascope.model.event.DmaDirection;
import io.dmascope.model.event.DmaMap;
import io.dmascope.model.event.DmaMapSg;
import io.dmascope.model.event.DmaUnmap;
import io.dmascope.model.event.DmaUnmapSg;
import io.dmascope.model.event.EventHeader;
import io.dmascope.model.event.InputCounts;
import io.dmascope.model.event.MapApi;
import io.dmascope.model.event.TraceEvent;
import io.dmascope.model.event.U64List;
import io.dmascope.model.finding.ModelOutput;
import io.dmascope.model.finding.Violation;
import io.dmascope.producer.publish.PublishProgress;
import io.dmascope.producer.publish.PublisherConfig;
import io.dmascope.producer.publish.TracePublisher;
import io.dmascope.replay.ReplayConfig;
import io.dmascope.replay.ReplayEngine;
import io.dmascope.replay.ReplayMetrics;
import io.dmascope.schemas.ClusterTopics;
import io.dmascope.schemas.Topics;
import io.dmascope.schemas.codec.EventChunkDecoder;
import io.dmascope.schemas.codec.EventChunkEncoder;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Measures the road through Kafka against what Kafka alone takes, side by side in one run.
 *
 * <p>Run by hand: {@code RoadBench [EVENTS] [nic|nvme]}. The broker has a process of its own; CPU
 * is this process's. Figures of one run compare with each other and with nothing else.
 */
final class RoadBench {
  private static final int CAPTURES = 4;
  private static final int RING = 1024;
  private static final OperatingSystemMXBean SYSTEM =
      (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

  private final String bootstrapServers;
  private final int events;
  private final String profile;
  private final Path directory;

  private RoadBench(String bootstrapServers, int events, String profile, Path directory) {
    this.bootstrapServers = bootstrapServers;
    this.events = events;
    this.profile = profile;
    this.directory = directory;
  }

  public static void main(String[] args) throws Exception {
    int events = args.length > 0 ? Integer.parseInt(args[0]) : 2_000_000;
    String profile = args.length > 1 ? args[1] : "nic";
    Path directory = Files.createTempDirectory("dmascope-bench-");
    Path ready = directory.resolve("ready");
    Process broker = startBroker(directory.resolve("broker"), ready);
    try {
      await().atMost(Duration.ofSeconds(60)).until(() -> Files.exists(ready));
      new RoadBench(Files.readString(ready), events, profile, directory).run();
    } finally {
      broker.destroyForcibly().waitFor();
    }
  }

  private static Process startBroker(Path directory, Path ready) throws Exception {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx512m",
            "-cp",
            System.getProperty("java.class.path"),
            "io.dmascope.cli.broker.BrokerMain",
            directory.toString(),
            "0",
            ready.toString())
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .redirectError(ProcessBuilder.Redirect.DISCARD)
        .start();
  }

  private void run() throws Exception {
    List<List<TraceEvent>> captures = new ArrayList<>();
    for (int i = 0; i < CAPTURES; i++) {
      captures.add(capture("bench-" + i, events / CAPTURES));
    }
    List<byte[]> chunks = new ArrayList<>();
    for (List<TraceEvent> capture : captures) {
      chunks.addAll(chunks(capture, PublisherConfig.CHUNK_EVENTS));
    }
    double bytes = chunks.stream().mapToLong(chunk -> chunk.length).sum();
    System.out.printf(
        Locale.ROOT, "%s, %,d events, %.1f bytes an event%n", profile, events, bytes / events);

    for (int round = 0; round < 2; round++) {
      System.out.printf("%nround %d%n", round);
      Rate bareProduce = bareProduce(chunks, "bare" + round + ".");
      Rate publish = publish(captures, "road" + round + ".");
      Rate single = barePollOfSingles(captures, "single" + round + ".");
      Rate memory = replayFromMemory(chunks);
      Rate engine = engine("road" + round + ".", true);
      Rate quiet = engine("road" + round + ".", false);
      publish.against("publish / bare producer of the same records", bareProduce);
      engine.against("engine / bare poll of one event a record", single);
      engine.against("engine / replay from memory", memory);
      quiet.against("engine without mappings / replay from memory", memory);
    }
  }

  private Rate bareProduce(List<byte[]> chunks, String prefix) {
    PublisherConfig config = publisher(prefix);
    TracePublisher.open(config, PublishProgress.NONE).close();
    return measure(
        "bare producer, same records",
        () -> {
          try (KafkaProducer<byte[], byte[]> producer =
              new KafkaProducer<>(
                  Map.of(
                      "bootstrap.servers",
                      bootstrapServers,
                      "compression.type",
                      config.compression(),
                      "batch.size",
                      512 << 10,
                      "linger.ms",
                      20),
                  new ByteArraySerializer(),
                  new ByteArraySerializer())) {
            for (byte[] chunk : chunks) {
              var _ =
                  producer.send(
                      new ProducerRecord<>(
                          config.topics().events(),
                          Topics.captureKey(EventChunkDecoder.head(chunk).captureId()),
                          chunk));
            }
          }
        });
  }

  private Rate publish(List<List<TraceEvent>> captures, String prefix) {
    TracePublisher publisher = TracePublisher.open(publisher(prefix), PublishProgress.NONE);
    return measure(
        "publish",
        () -> {
          try (publisher) {
            captures.forEach(capture -> capture.forEach(publisher::event));
          }
        });
  }

  /** The yardstick of the design: what polling costs where each event is a record. */
  private Rate barePollOfSingles(List<List<TraceEvent>> captures, String prefix) {
    PublisherConfig config = publisher(prefix).withChunkEventsMax(1).withCompression("lz4");
    try (TracePublisher publisher = TracePublisher.open(config, PublishProgress.NONE)) {
      captures.forEach(capture -> capture.forEach(publisher::event));
    }
    String topic = config.topics().events();
    return measure(
        "bare poll, one event a record",
        () -> {
          try (KafkaConsumer<byte[], byte[]> consumer =
              new KafkaConsumer<>(
                  Map.of("bootstrap.servers", bootstrapServers, "auto.offset.reset", "earliest"),
                  new ByteArrayDeserializer(),
                  new ByteArrayDeserializer())) {
            List<TopicPartition> partitions =
                consumer.partitionsFor(topic).stream()
                    .map(p -> new TopicPartition(topic, p.partition()))
                    .toList();
            consumer.assign(partitions);
            long polled = 0;
            while (polled < events) {
              polled += consumer.poll(Duration.ofMillis(200)).count();
            }
          }
        });
  }

  private Rate replayFromMemory(List<byte[]> chunks) {
    return measure(
        "replay from memory",
        () -> {
          String captureId = "";
          DmaModel model = new DmaModel();
          ModelOutput nowhere =
              new ModelOutput() {
                @Override
                public void violation(Violation violation) {}
              };
          for (byte[] chunk : chunks) {
            var decoded = EventChunkDecoder.decode(chunk);
            if (!decoded.captureId().equals(captureId)) {
              captureId = decoded.captureId();
              model = new DmaModel();
            }
            for (TraceEvent event : decoded.events()) {
              model.apply(event, nowhere);
            }
          }
        });
  }

  private Rate engine(String prefix, boolean mappings) {
    ReplayConfig config =
        ReplayConfig.of(bootstrapServers, directory)
            .withApplicationId(prefix + (mappings ? "engine" : "quiet"))
            .withTopics(new Topics(prefix), CAPTURES)
            .withMappings(mappings);
    // Another application takes the live run over: only for a measurement may it do so.
    ClusterTopics.delete(
        Map.of("bootstrap.servers", bootstrapServers),
        List.of(config.topics().runs()),
        List.of(),
        Duration.ofSeconds(15));
    try (ReplayEngine engine = ReplayEngine.start(config)) {
      ReplayMetrics metrics = engine.metrics();
      while (metrics.events() == 0) {
        Thread.onSpinWait();
      }
      Rate rate =
          measure(
              mappings ? "engine, exactly once" : "engine, exactly once, no mappings",
              () -> {
                while (metrics.events() < events) {
                  Thread.sleep(5);
                }
              });
      while (engine.lag().orElse(1) > 0) {
        Thread.sleep(100);
      }
      System.out.printf(
          Locale.ROOT,
          "  changelog: %.4f records an event, %.2f bytes an event%n",
          (double) metrics.changelogRecords() / events,
          (double) metrics.changelogBytes() / events);
      return rate;
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private PublisherConfig publisher(String prefix) {
    return PublisherConfig.of(bootstrapServers).withTopics(new Topics(prefix), CAPTURES);
  }

  private interface Work {
    void run() throws Exception;
  }

  private Rate measure(String name, Work work) {
    long wallNs = System.nanoTime();
    long cpuNs = SYSTEM.getProcessCpuTime();
    try {
      work.run();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
    Rate rate =
        new Rate(
            (double) (System.nanoTime() - wallNs) / events,
            (double) (SYSTEM.getProcessCpuTime() - cpuNs) / events);
    System.out.printf(
        Locale.ROOT,
        "%-36s %8.0f thousand events/s  %6.2f us CPU an event%n",
        name,
        1e6 / rate.wallNs,
        rate.cpuNs / 1000);
    return rate;
  }

  /** Nanoseconds an event. */
  private record Rate(double wallNs, double cpuNs) {
    void against(String what, Rate other) {
      System.out.printf(
          Locale.ROOT,
          "  %-48s %.2f by time, %.2f by CPU%n",
          what,
          other.wallNs / wallNs,
          other.cpuNs / cpuNs);
    }
  }

  private static List<byte[]> chunks(List<TraceEvent> capture, int size) {
    String captureId = ((CaptureStart) capture.getFirst()).facts().captureId();
    List<byte[]> chunks = new ArrayList<>();
    EventChunkEncoder encoder = new EventChunkEncoder(captureId);
    for (TraceEvent event : capture) {
      encoder.add(event);
      if (encoder.eventCount() == size || event instanceof CaptureEnd) {
        chunks.add(encoder.finish());
      }
    }
    return chunks;
  }

  private List<TraceEvent> capture(String captureId, int count) {
    List<TraceEvent> capture = new ArrayList<>(count);
    capture.add(
        new CaptureStart(
            at(0), new CaptureFacts(captureId, captureId, "bench", "6.12", "local", true)));
    for (int i = 0; capture.size() < count - 1; i++) {
      capture.add(profile.equals("nvme") ? nvme(i, capture.size()) : nic(i, capture.size()));
    }
    capture.add(new CaptureEnd(at(count - 1), InputCounts.NONE));
    return capture;
  }

  /** A receive ring: map the next buffer, unmap the one that was filled. */
  private static TraceEvent nic(int i, int sequence) {
    int packet = i / 2;
    if (i % 2 == 0) {
      return new DmaMap(
          at(sequence),
          "0000:01:00.0",
          MapApi.PHYS,
          DmaDirection.FROM_DEVICE,
          0xffff_0000L + (packet % 65_536) * 4096L,
          2048,
          0x1_0000_0000L + (packet * 7919L % 262_144) * 4096,
          1 << 5);
    }
    int old = Math.max(0, packet - RING);
    if (packet < RING) {
      return nic(2 * (packet + 1_000_000), sequence);
    }
    return new DmaUnmap(
        at(sequence),
        "0000:01:00.0",
        MapApi.PHYS,
        DmaDirection.FROM_DEVICE,
        0xffff_0000L + (old % 65_536) * 4096L,
        2048,
        1 << 5);
  }

  /** A queue of requests of four segments. */
  private static TraceEvent nvme(int i, int sequence) {
    int request = i / 2;
    if (i % 2 == 0) {
      return new DmaMapSg(
          at(sequence),
          "0000:02:00.0",
          DmaDirection.TO_DEVICE,
          4,
          4,
          segments(request, 0x1_0000_0000L),
          segments(request, 0xff00_0000L),
          U64List.of(4096, 4096, 4096, 4096),
          0);
    }
    int old = request - 128;
    if (old < 0) {
      return nvme(2 * (request + 1_000_000), sequence);
    }
    return new DmaUnmapSg(
        at(sequence), "0000:02:00.0", DmaDirection.TO_DEVICE, segments(old, 0x1_0000_0000L), 0);
  }

  private static U64List segments(int request, long base) {
    long first = base + (request * 6151L % 262_144) * 32_768;
    return U64List.of(first, first + 8192, first + 16_384, first + 24_576);
  }

  private static EventHeader at(int sequence) {
    return new EventHeader(
        sequence,
        1_000_000_000L + sequence * 733L,
        sequence / 64 % 4,
        0,
        "swapper/0",
        sequence + 12);
  }
}
