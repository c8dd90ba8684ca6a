package io.dmascope.replay;

import java.util.function.Consumer;

/** The events topic behind the engine: what was replayed already. */
@FunctionalInterface
interface Archive {
  /** Hands the values of the records that the engine has committed to {@code each}, in order. */
  void readCommitted(int partition, Consumer<byte[]> each);
}
