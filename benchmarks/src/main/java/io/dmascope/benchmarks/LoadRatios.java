package io.dmascope.benchmarks;

import com.sun.management.OperatingSystemMXBean;
import io.dmascope.model.event.TraceEvent;
import io.dmascope.model.event.TraceIssue;
import io.dmascope.producer.ingest.EventSink;
import io.dmascope.producer.publish.LoadPublisher;
import io.dmascope.producer.publish.Pacer;
import io.dmascope.producer.publish.PublisherConfig;
import io.dmascope.producer.synthetic.CaptureSpec;
import io.dmascope.producer.synthetic.SyntheticCapture;
import io.dmascope.producer.synthetic.machine.Backend;
import io.dmascope.producer.synthetic.machine.Generation;
import io.dmascope.producer.synthetic.machine.Machine;
import io.dmascope.producer.synthetic.profile.Profile;
import io.dmascope.producer.synthetic.profile.Sizes;
import io.dmascope.schemas.Topics;
import io.dmascope.schemas.codec.EventChunkEncoder;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * What a load of many rigs costs against a bare Kafka producer of the very same records: the broker
 * has a process of its own, processor time is this one's, rounds are taken in turn.
 *
 * <p>{@code LoadRatios [RIGS] [EVENTS A RIG] [EVENTS A SECOND]}
 */
public final class LoadRatios {
  private static final int ROUNDS = 3;
  private static final Duration PATIENCE = Duration.ofMinutes(5);
  private static final OperatingSystemMXBean SYSTEM =
      (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

  /** One way to publish. */
  @FunctionalInterface
  private interface Work {
    void run() throws Exception;
  }

  /** Medians over the rounds. */
  private record Cost(double cpuNs, double wallNs) {}

  private final String bootstrapServers;
  private final int rigs;
  private final long eventsARig;
  private final long rate;

  private LoadRatios(String bootstrapServers, int rigs, long eventsARig, long rate) {
    this.bootstrapServers = bootstrapServers;
    this.rigs = rigs;
    this.eventsARig = eventsARig;
    this.rate = rate;
  }

  public static void main(String[] args) throws Exception {
    int rigs = args.length > 0 ? Integer.parseInt(args[0]) : 50;
    long events = args.length > 1 ? Long.parseLong(args[1]) : 40_000;
    long rate = args.length > 2 ? Long.parseLong(args[2]) : 500_000;
    Path directory = Files.createTempDirectory("dmascope-load-");
    Path ready = directory.resolve("ready");
    Process broker = broker(directory.resolve("broker"), ready);
    try {
      while (!Files.exists(ready) && broker.isAlive()) {
        Thread.sleep(50);
      }
      new LoadRatios(Files.readString(ready), rigs, events, rate).run();
    } finally {
      broker.destroyForcibly().waitFor();
    }
  }

  private static Process broker(Path directory, Path ready) throws Exception {
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
    List<List<byte[]>> chunks = new ArrayList<>();
    for (int rig = 0; rig < rigs; rig++) {
      chunks.add(chunks(rig));
    }
    long events = rigs * eventsARig;
    double bytes = chunks.stream().flatMap(List::stream).mapToLong(chunk -> chunk.length).sum();
    System.out.printf("%d rigs, %,d events, %.1f bytes an event%n", rigs, events, bytes / events);
    List<Cost> bare = new ArrayList<>();
    List<Cost> load = new ArrayList<>();
    List<Cost> paced = new ArrayList<>();
    for (int round = 0; round <= ROUNDS; round++) {
      String prefix = "round" + round;
      for (String road : List.of("bare.", "load.", "paced.")) {
        LoadPublisher.open(config(prefix + road), new Pacer(0)).close(); // makes the topics
      }
      Cost first = cost(() -> bare(chunks, prefix + "bare."));
      Cost second = cost(() -> load(prefix + "load.", 0));
      Cost third = cost(() -> load(prefix + "paced.", rate));
      if (round > 0) { // the first warms up
        bare.add(first);
        load.add(second);
        paced.add(third);
      }
    }
    print("bare producer of the same records", median(bare), median(bare), events);
    print("load, as fast as it goes", median(load), median(bare), events);
    print("load at %,d events/s".formatted(rate), median(paced), median(bare), events);
  }

  private static void print(String what, Cost cost, Cost bare, long events) {
    System.out.printf(
        "%-36s %,9.0f events/s by the clock (ratio %.2f), %5.0f ns of processor time an event (ratio"
            + " %.2f)%n",
        what,
        events * 1e9 / cost.wallNs,
        bare.wallNs / cost.wallNs,
        cost.cpuNs / events,
        cost.cpuNs / bare.cpuNs);
  }

  private static Cost median(List<Cost> costs) {
    double[] cpu = costs.stream().mapToDouble(Cost::cpuNs).sorted().toArray();
    double[] wall = costs.stream().mapToDouble(Cost::wallNs).sorted().toArray();
    return new Cost(cpu[cpu.length / 2], wall[wall.length / 2]);
  }

  private static Cost cost(Work work) throws Exception {
    long cpu = SYSTEM.getProcessCpuTime();
    long wall = System.nanoTime();
    work.run();
    return new Cost(SYSTEM.getProcessCpuTime() - cpu, System.nanoTime() - wall);
  }

  private SyntheticCapture capture(int rig) {
    return new SyntheticCapture(
        new CaptureSpec(
            "rig-" + rig,
            rig,
            new Machine.Spec(Generation.V6_12, Backend.DIRECT, 4, false, false),
            Profile.NVME,
            Profile.NVME.usualLoad(),
            Sizes.USUAL,
            eventsARig,
            Long.MAX_VALUE / 2));
  }

  private List<byte[]> chunks(int rig) {
    List<byte[]> chunks = new ArrayList<>();
    EventChunkEncoder encoder = new EventChunkEncoder("rig-" + rig);
    capture(rig)
        .read(
            new EventSink() {
              @Override
              public void event(TraceEvent event) {
                encoder.add(event);
                if (encoder.eventCount() == PublisherConfig.CHUNK_EVENTS) {
                  chunks.add(encoder.finish());
                }
              }

              @Override
              public void issue(TraceIssue issue) {
                throw new IllegalStateException(issue.message());
              }
            });
    if (encoder.eventCount() > 0) {
      chunks.add(encoder.finish());
    }
    return chunks;
  }

  private PublisherConfig config(String prefix) {
    return PublisherConfig.of(bootstrapServers)
        .withTopics(new Topics(prefix), PublisherConfig.PARTITIONS)
        .withPatience(PATIENCE);
  }

  /** The settings are those of our own publisher. */
  private void bare(List<List<byte[]>> chunks, String prefix) {
    PublisherConfig config = config(prefix);
    Map<String, Object> settings =
        Map.of(
            "bootstrap.servers",
            bootstrapServers,
            "compression.type",
            config.compression(),
            "batch.size",
            512 << 10,
            "linger.ms",
            20,
            "delivery.timeout.ms",
            (int) PATIENCE.toMillis(),
            "max.block.ms",
            PATIENCE.toMillis());
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
      int most = chunks.stream().mapToInt(List::size).max().orElse(0);
      for (int i = 0; i < most; i++) {
        for (int rig = 0; rig < chunks.size(); rig++) {
          if (i < chunks.get(rig).size()) {
            byte[] key = Topics.captureKey("rig-" + rig);
            var _ =
                producer.send(
                    new ProducerRecord<>(config.topics().events(), key, chunks.get(rig).get(i)));
          }
        }
      }
    }
  }

  private void load(String prefix, long eventsASecond) throws Exception {
    try (LoadPublisher publisher = LoadPublisher.open(config(prefix), new Pacer(eventsASecond));
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> running = new ArrayList<>();
      for (int rig = 0; rig < rigs; rig++) {
        SyntheticCapture capture = capture(rig);
        running.add(threads.submit(() -> capture.read(publisher.capture())));
      }
      for (Future<?> rig : running) {
        rig.get();
      }
    }
  }
}
