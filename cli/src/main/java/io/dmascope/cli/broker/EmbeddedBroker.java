package io.dmascope.cli.broker;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Properties;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.Feature;
import org.apache.kafka.server.common.MetadataVersion;

/**
 * A single-node Kafka broker in KRaft mode inside this process; serves once {@link #start} returns.
 *
 * <p>Listens on the loopback address only and keeps its data in one directory, so that it can be
 * started again on what it had.
 */
public final class EmbeddedBroker implements AutoCloseable {
  private static final String HOST = "127.0.0.1";
  private static final int NODE_ID = 1;

  /** What Kafka writes last into a directory that it has prepared. */
  private static final String META_PROPERTIES = "meta.properties";

  private final KafkaRaftServer server;
  private final String bootstrapServers;
  private final Path ownDirectory;

  private EmbeddedBroker(KafkaRaftServer server, String bootstrapServers, Path ownDirectory) {
    this.server = server;
    this.bootstrapServers = bootstrapServers;
    this.ownDirectory = ownDirectory;
  }

  /** Starts a broker whose data vanishes with it, on a free port. */
  public static EmbeddedBroker startTemporary() throws IOException {
    Path directory = Files.createTempDirectory("dmascope-broker-");
    boolean started = false;
    try {
      EmbeddedBroker broker = start(directory, 0, directory);
      started = true;
      return broker;
    } finally {
      if (!started) {
        delete(directory);
      }
    }
  }

  /**
   * Starts a broker on a directory that stays.
   *
   * @param port to listen on, or 0 for a free one
   */
  public static EmbeddedBroker start(Path directory, int port) throws IOException {
    return start(Files.createDirectories(directory), port, null);
  }

  private static EmbeddedBroker start(Path directory, int port, Path ownDirectory)
      throws IOException {
    List<Integer> ports = freePorts(2);
    int brokerPort = port == 0 ? ports.removeFirst() : port;
    ports.remove(Integer.valueOf(brokerPort)); // free, too, before a restart
    Properties properties = properties(directory, brokerPort, ports.getFirst());
    if (!Files.exists(directory.resolve(META_PROPERTIES))) {
      format(directory);
    }
    KafkaRaftServer server =
        new KafkaRaftServer(KafkaConfig.fromProps(properties, false), Time.SYSTEM);
    server.startup();
    return new EmbeddedBroker(server, HOST + ":" + brokerPort, ownDirectory);
  }

  /** {@code host:port} for clients. */
  public String bootstrapServers() {
    return bootstrapServers;
  }

  /** Stops the broker and removes a temporary directory. */
  @Override
  public void close() {
    server.shutdown();
    server.awaitShutdown();
    if (ownDirectory != null) {
      delete(ownDirectory);
    }
  }

  private static Properties properties(Path directory, int brokerPort, int controllerPort) {
    Properties p = new Properties();
    p.put("process.roles", "broker,controller");
    p.put("node.id", Integer.toString(NODE_ID));
    p.put("controller.quorum.voters", NODE_ID + "@" + HOST + ":" + controllerPort);
    p.put(
        "listeners",
        "PLAINTEXT://%s:%d,CONTROLLER://%s:%d".formatted(HOST, brokerPort, HOST, controllerPort));
    p.put("listener.security.protocol.map", "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT");
    p.put("controller.listener.names", "CONTROLLER");
    p.put("inter.broker.listener.name", "PLAINTEXT");
    p.put("log.dirs", directory.toString());
    p.put("auto.create.topics.enable", "false");
    // One node has one replica of everything, and few partitions of what Kafka keeps for itself.
    p.put("default.replication.factor", "1");
    p.put("offsets.topic.replication.factor", "1");
    p.put("offsets.topic.num.partitions", "4");
    p.put("transaction.state.log.replication.factor", "1");
    p.put("transaction.state.log.min.isr", "1");
    p.put("transaction.state.log.num.partitions", "4");
    p.put("share.coordinator.state.topic.replication.factor", "1");
    p.put("share.coordinator.state.topic.min.isr", "1");
    p.put("share.coordinator.state.topic.num.partitions", "1");
    // Nobody else will join: no reason to wait for them.
    p.put("group.initial.rebalance.delay.ms", "0");
    p.put("controlled.shutdown.enable", "false");
    // The cleaner's default takes 128 MiB of heap.
    p.put("log.cleaner.dedupe.buffer.size", Integer.toString(2 << 20));
    // A transaction whose engine was killed must not hold readers up for long.
    p.put("transaction.abort.timed.out.transaction.cleanup.interval.ms", "1000");
    p.put("group.min.session.timeout.ms", "1000");
    return p;
  }

  /** Writes the cluster's metadata, with an id that nothing else has. */
  private static void format(Path directory) throws IOException {
    PrintStream silence =
        new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
    try {
      new Formatter()
          .setPrintStream(silence)
          .setNodeId(NODE_ID)
          .setClusterId(Uuid.randomUuid().toString())
          .addDirectory(directory.toString())
          .setMetadataLogDirectory(directory.toString())
          .setSupportedFeatures(Feature.PRODUCTION_FEATURES)
          .setControllerListenerName("CONTROLLER")
          .setReleaseVersion(MetadataVersion.LATEST_PRODUCTION)
          .run();
    } catch (IOException | RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IOException("cannot prepare the broker's directory " + directory, e);
    }
  }

  /** Ports that were free a moment ago; the controller's must be known before it listens. */
  private static List<Integer> freePorts(int count) throws IOException {
    List<ServerSocket> sockets = new ArrayList<>();
    try {
      for (int i = 0; i < count; i++) {
        sockets.add(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
      }
      return sockets.stream()
          .map(ServerSocket::getLocalPort)
          .collect(Collectors.toCollection(ArrayList::new));
    } finally {
      for (ServerSocket socket : sockets) {
        socket.close();
      }
    }
  }

  private static void delete(Path directory) {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot remove the broker's directory " + directory, e);
    }
  }
}
