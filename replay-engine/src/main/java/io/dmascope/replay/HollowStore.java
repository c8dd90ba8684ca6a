package io.dmascope.replay;

import java.util.List;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.processor.StateStore;
import org.apache.kafka.streams.processor.StateStoreContext;
import org.apache.kafka.streams.query.Position;
import org.apache.kafka.streams.query.PositionBound;
import org.apache.kafka.streams.query.Query;
import org.apache.kafka.streams.query.QueryConfig;
import org.apache.kafka.streams.query.QueryResult;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * A key-value store that holds nothing: what stands behind it lives elsewhere, and only the layers
 * that Kafka Streams puts around it (changelog, cache) act.
 *
 * <p>A processor reaches the very instance of its own task through those layers by asking it the
 * query {@link Itself}.
 */
abstract class HollowStore implements KeyValueStore<Bytes, byte[]> {
  private final String name;
  private boolean open;

  /** Asks a store for the instance behind its layers. */
  private record Itself() implements Query<HollowStore> {}

  HollowStore(String name) {
    this.name = name;
  }

  /** Returns the store behind the layers around {@code store}. */
  static <S extends HollowStore> S behind(StateStore store, Class<S> type) {
    return type.cast(
        store.query(new Itself(), PositionBound.unbounded(), new QueryConfig(false)).getResult());
  }

  @Override
  public <R> QueryResult<R> query(Query<R> query, PositionBound bound, QueryConfig config) {
    if (query instanceof Itself) {
      @SuppressWarnings("unchecked") // Itself is a Query<HollowStore>, so R is HollowStore.
      R itself = (R) this;
      return QueryResult.forResult(itself);
    }
    return QueryResult.forUnknownQueryType(query, this);
  }

  @Override
  public void init(StateStoreContext context, StateStore root) {
    open = true;
  }

  @Override
  public void close() {
    open = false;
  }

  @Override
  public boolean isOpen() {
    return open;
  }

  @Override
  public String name() {
    return name;
  }

  /** False: after a restart the changelog is read from its beginning. */
  @Override
  public boolean persistent() {
    return false;
  }

  @Override
  public Position getPosition() {
    return Position.emptyPosition();
  }

  @Override
  public void put(Bytes key, byte[] value) {}

  @Override
  public byte[] putIfAbsent(Bytes key, byte[] value) {
    put(key, value);
    return null;
  }

  @Override
  public void putAll(List<KeyValue<Bytes, byte[]>> entries) {
    for (KeyValue<Bytes, byte[]> entry : entries) {
      put(entry.key, entry.value);
    }
  }

  @Override
  public byte[] delete(Bytes key) {
    put(key, null);
    return null;
  }

  @Override
  public byte[] get(Bytes key) {
    return null;
  }

  @Override
  public KeyValueIterator<Bytes, byte[]> range(Bytes from, Bytes to) {
    throw new UnsupportedOperationException("nothing is held here [store=%s]".formatted(name));
  }

  @Override
  public KeyValueIterator<Bytes, byte[]> all() {
    throw new UnsupportedOperationException("nothing is held here [store=%s]".formatted(name));
  }

  @Override
  public long approximateNumEntries() {
    return 0;
  }
}
