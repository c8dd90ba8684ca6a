package io.dmascope.replay;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Map.Entry;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.processor.BatchingStateRestoreCallback;
import org.apache.kafka.streams.processor.StateStore;
import org.apache.kafka.streams.processor.StateStoreContext;
import org.apache.kafka.streams.state.KeyValueBytesStoreSupplier;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;

/*
 * The models of a task are its memory; this store gives them a changelog without a second copy.
 *
 *   processor --put--> [metering] --> [change logging] --> PageStore (does nothing)
 *                                          |
 *                                          v
 *                                changelog topic, compacted
 *                                          |
 *                              after a restart, before the first record
 *                                          v
 *                                PageStore.restoreAll --> take() --> DmaModel.restore
 *
 * It is logged and not cached, so that a put reaches the changelog at once; CommitDoorbell says when.
 */

/** Gives the models of a task their changelog and, after a restart, the pages they are made of. */
final class PageStore extends HollowStore implements BatchingStateRestoreCallback {
  static final String NAME = "model-pages";

  private Map<Bytes, byte[]> restored = new HashMap<>();
  private boolean taken;

  private PageStore() {
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
            return new PageStore();
          }

          @Override
          public String metricsScope() {
            return "pages";
          }
        };
    return Stores.keyValueStoreBuilder(supplier, Serdes.Bytes(), Serdes.ByteArray())
        .withCachingDisabled()
        .withLoggingEnabled(
            Map.of(
                "segment.bytes", Integer.toString(32 << 20),
                "max.message.bytes", Integer.toString(4 << 20)));
  }

  /** Begins anew: Kafka Streams also calls this when it revives a task whose transaction failed. */
  @Override
  public void init(StateStoreContext context, StateStore root) {
    restored = new HashMap<>();
    taken = false;
    context.register(root, this);
    super.init(context, root);
  }

  @Override
  public void restoreAll(Collection<KeyValue<byte[], byte[]>> records) {
    if (taken) {
      throw new IllegalStateException(
          "pages arrive for models that run already: an engine cannot become its own standby");
    }
    for (KeyValue<byte[], byte[]> record : records) {
      if (record.value == null) {
        restored.remove(Bytes.wrap(record.key));
      } else {
        restored.put(Bytes.wrap(record.key), record.value);
      }
    }
  }

  /** Hands over every page that the changelog holds; once. */
  Iterable<Entry<Bytes, byte[]>> take() {
    Map<Bytes, byte[]> pages = restored;
    restored = Map.of();
    taken = true;
    return pages.entrySet();
  }
}
