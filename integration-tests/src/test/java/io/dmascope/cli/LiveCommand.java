package io.dmascope.cli;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.Pipe;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** A command that runs in this process while its standard input is still being written. */
final class LiveCommand implements AutoCloseable {
  private static final int END_SECONDS_MAX = 120;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private final ExecutorService threads = Executors.newCachedThreadPool();

  /** A pipe is full after 64 KiB: who feeds a command that is held back must not be the test. */
  private final ExecutorService feeder = Executors.newSingleThreadExecutor();

  private final OutputStream in;
  private final Future<Integer> status;

  private LiveCommand(Pipe pipe, String... args) {
    in = Channels.newOutputStream(pipe.sink());
    Terminal terminal =
        new Terminal(Channels.newInputStream(pipe.source()), out, err, false, false, Map.of());
    status = threads.submit(() -> Main.run(terminal, args));
  }

  static LiveCommand start(String... args) throws IOException {
    return new LiveCommand(Pipe.open(), args);
  }

  /** Writes lines, as soon as those before them are written. */
  void feed(List<String> lines) {
    byte[] bytes = (String.join("\n", lines) + "\n").getBytes(StandardCharsets.UTF_8);
    var _ =
        feeder.submit(
            () -> {
              in.write(bytes);
              return bytes.length;
            });
  }

  /** Ends its input and returns its exit status. */
  int end() throws Exception {
    feeder
        .submit(
            () -> {
              in.close();
              return true;
            })
        .get(END_SECONDS_MAX, TimeUnit.SECONDS);
    return status.get(END_SECONDS_MAX, TimeUnit.SECONDS);
  }

  String out() {
    return out.toString(StandardCharsets.UTF_8);
  }

  String err() {
    return err.toString(StandardCharsets.UTF_8);
  }

  @Override
  public void close() throws IOException {
    in.close();
    feeder.shutdownNow();
    threads.shutdownNow();
  }
}
