package io.dmascope.cli;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/** Runs command lines as a shell would and keeps what they say. */
final class FakeTerminal {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private final Map<String, String> environment = new HashMap<>();
  private byte[] in = {};
  private OutputStream sink = out;
  private boolean isTerminal;

  FakeTerminal withInput(byte[] in) {
    this.in = in;
    return this;
  }

  FakeTerminal withOutput(OutputStream sink) {
    this.sink = sink;
    return this;
  }

  FakeTerminal withEnvironment(String name, String value) {
    environment.put(name, value);
    return this;
  }

  FakeTerminal watched() {
    isTerminal = true;
    return this;
  }

  Terminal terminal() {
    return new Terminal(
        new ByteArrayInputStream(in), sink, err, isTerminal, isTerminal, environment);
  }

  /** Runs {@code dmascope args...} and returns its exit status. */
  int run(String... args) {
    return Main.run(terminal(), args);
  }

  String out() {
    return out.toString(StandardCharsets.UTF_8);
  }

  String err() {
    return err.toString(StandardCharsets.UTF_8);
  }
}
