package io.dmascope.cli.broker;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.concurrent.CountDownLatch;

/**
 * Runs a broker in a process of its own until it is killed: {@code BrokerMain DIRECTORY PORT
 * READY}.
 */
public final class BrokerMain {
  private BrokerMain() {}

  /** Once the broker serves, the file READY exists and holds its {@code host:port}. */
  public static void main(String[] args) throws Exception {
    Path ready = Path.of(args[2]);
    EmbeddedBroker broker = EmbeddedBroker.start(Path.of(args[0]), Integer.parseInt(args[1]));
    CountDownLatch killed = new CountDownLatch(1);
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  broker.close();
                  killed.countDown();
                }));
    Path whole = Files.writeString(Path.of(ready + ".part"), broker.bootstrapServers());
    Files.move(whole, ready, StandardCopyOption.ATOMIC_MOVE);
    killed.await();
  }
}
