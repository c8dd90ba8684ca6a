package io.dmascope.replay;

import java.util.Objects;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.processor.StateStore;
import org.apache.kafka.streams.processor.StateStoreContext;
import org.apache.kafka.streams.state.KeyValueBytesStoreSupplier;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;

/*
 * Kafka Streams tells no processor that it is about to commit; but before it flushes the producer it
 * empties the record caches of the task's stores. So this store is cached and not logged: whoever
 * wants to be called at the next commit puts the one key, and the cache passes it on just in time.
 *
 *   process(record) --press--> [cache holds it]      ... commit: [cache flush] --put--> ring.run()
 *
 * What ring.run() writes to the changelog belongs to the transaction that is being committed.
 */

/** Calls back once before each commit that follows a press. */
final class CommitDoorbell extends HollowStore {
  static final String NAME = "commit-doorbell";
  private static final Bytes BUTTON = Bytes.wrap(new byte[] {1});
  private static final byte[] PRESSED = {1};

  private Runnable ring;

  private CommitDoorbell() {
    super(NAME);
  }

  /** Describes the store to a topology. */
  static StoreBuilder<KeyValueStore<Bytes, byte[]>> builder() {
    KeyValueBytesStoreSupplier supplier =
        new KeyValueBytesStoreSupplier() {
          @Override
          public String name() {
            return NAME;
          }

          @Override
          public KeyValueStore<Bytes, byte[]> get() {
            return new CommitDoorbell();
          }

          @Override
          public String metricsScope() {
            return "doorbell";
          }
        };
    return Stores.keyValueStoreBuilder(supplier, Serdes.Bytes(), Serdes.ByteArray())
        .withCachingEnabled()
        .withLoggingDisabled();
  }

  /** Asks to be called before the next commit; {@code store} is the doorbell with its cache. */
  static void press(KeyValueStore<Bytes, byte[]> store) {
    store.put(BUTTON, PRESSED);
  }

  void onRing(Runnable action) {
    ring = action;
  }

  @Override
  public void init(StateStoreContext context, StateStore root) {
    ring = null;
    context.register(root, (key, value) -> {});
    super.init(context, root);
  }

  @Override
  public void put(Bytes key, byte[] value) {
    Objects.requireNonNull(ring, "nobody listens to the doorbell").run();
  }
}
