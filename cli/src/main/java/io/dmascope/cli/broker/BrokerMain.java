package io.dmascope.cli.broker;

import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;

/** Runs a broker in a process of its own until it is killed: {@code BrokerMain DIRECTORY PORT}. */
public final class BrokerMain {
  private BrokerMain() {}

  /** Prints {@code ready HOST:PORT} once the broker serves. */
  public static void main(String[] args) throws Exception {
    EmbeddedBroker broker = EmbeddedBroker.start(Path.of(args[0]), Integer.parseInt(args[1]));
    CountDownLatch killed = new CountDownLatch(1);
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  broker.close();
                  killed.countDown();
                }));
    System.out.println("ready " + broker.bootstrapServers());
    killed.await();
  }
}
