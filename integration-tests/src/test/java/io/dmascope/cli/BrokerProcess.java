package io.dmascope.cli;

import static org.awaitility.Awaitility.await;

import io.dmascope.cli.broker.BrokerMain;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** A broker in a process of its own, that can be killed and started again on what it had. */
final class BrokerProcess implements AutoCloseable {
  private static final Duration START_MAX = Duration.ofMinutes(2);

  private final Path directory;
  private String address = "127.0.0.1:0";
  private Process process;

  private BrokerProcess(Path directory) {
    this.directory = directory;
  }

  static BrokerProcess start(Path directory) throws IOException {
    BrokerProcess broker = new BrokerProcess(directory);
    broker.start();
    return broker;
  }

  String bootstrapServers() {
    return address;
  }

  /** Starts it at the address it had; the first time at a free one. */
  void start() throws IOException {
    Path ready = Files.createDirectories(directory).resolve("ready");
    Files.deleteIfExists(ready);
    process =
        new ProcessBuilder(
                List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-XX:TieredStopAtLevel=1",
                    "-XX:+UseSerialGC",
                    "-cp",
                    System.getProperty("java.class.path"),
                    BrokerMain.class.getName(),
                    directory.resolve("data").toString(),
                    address.replaceFirst(".*:", ""),
                    ready.toString()))
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(new File("target", "broker.log")))
            .start();
    await()
        .atMost(START_MAX)
        .pollInterval(Duration.ofMillis(50))
        .until(() -> Files.exists(ready) || !process.isAlive());
    if (!process.isAlive()) {
      throw new IOException("the broker did not start; target/broker.log says why");
    }
    address = Files.readString(ready);
  }

  /** Ends it at once, without a word to anybody. */
  void kill() {
    process.destroyForcibly().onExit().join();
  }

  /** Stops it as a machine that hangs does: its connections stay, and nobody answers on them. */
  void freeze() throws Exception {
    signal("STOP");
  }

  /** Lets it go on, with what had come to it meanwhile. */
  void thaw() throws Exception {
    signal("CONT");
  }

  private void signal(String name) throws Exception {
    new ProcessBuilder("kill", "-" + name, "" + process.pid()).start().waitFor();
  }

  @Override
  public void close() {
    kill();
  }
}
