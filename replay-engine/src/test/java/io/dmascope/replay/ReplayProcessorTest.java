package io.dmascope.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dmascope.model.event.DmaDirection;
import io.dmascope.model.event.DmaUnmap;
import io.dmascope.model.event.EventHeader;
import io.dmascope.model.event.EventsLost;
import io.dmascope.model.event.MapApi;
import io.dmascope.model.event.Marker;
import io.dmascope.model.event.TraceEvent;
import io.dmascope.schemas.Topics;
import io.dmascope.schemas.codec.EventChunkEncoder;
import java.util.List;
import java.util.Properties;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.errors.StreamsException;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.junit.jupiter.api.Test;

final class ReplayProcessorTest {
  private final ReplayCounters counters = new ReplayCounters();
  private final ReplayProcessor processor = new ReplayProcessor(true, (_, _) -> {}, counters);

  /** An event that breaks a rule, and the loss that makes the model say so at once. */
  private final List<TraceEvent> misuse =
      List.of(
          new Marker(at(0), "start"),
          new DmaUnmap(at(1), "nvme", MapApi.PAGE, DmaDirection.TO_DEVICE, 0x1000, 512, 0),
          new EventsLost(at(2), 1, EventsLost.Cause.OVERRUN),
          new Marker(at(1_000_000), "much later"));

  @Test
  void captureWhoseModelFails_isGivenUpAndTheOthersGoOn() {
    start(new IllegalStateException("a bug"));
    process("sick", misuse.subList(0, 3));
    process("sick", misuse.subList(3, 4));
    process("well", misuse.subList(0, 1));

    assertThat(counters.capturesGivenUp()).isEqualTo(1);
    assertThat(counters.capturesOpen()).isEqualTo(1);
    assertThat(counters.events()).isEqualTo(1);
  }

  @Test
  void failureOfKafka_isNotTheCapturesFault() {
    StreamsException failure = new StreamsException("the transaction is gone");
    start(failure);

    assertThatThrownBy(
            () -> {
              process("rig", misuse.subList(0, 3));
              process("rig", misuse.subList(3, 4));
            })
        .isSameAs(failure);
    assertThat(counters.capturesGivenUp()).isZero();
  }

  /** Fails where a violation is sent: so does the model, seen from outside. */
  private static final class FailingContext<K, V> extends MockProcessorContext<K, V> {
    private final RuntimeException onViolation;

    FailingContext(RuntimeException onViolation) {
      super(new Properties());
      this.onViolation = onViolation;
    }

    @Override
    public <K1 extends K, V1 extends V> void forward(Record<K1, V1> record, String child) {
      if (child.equals(Outlet.VIOLATIONS)) {
        throw onViolation;
      }
      super.forward(record, child);
    }
  }

  private void start(RuntimeException onViolation) {
    MockProcessorContext<byte[], byte[]> context = new FailingContext<>(onViolation);
    addStore(context, PageStore.builder());
    addStore(context, CommitDoorbell.builder());
    processor.init(context);
  }

  private static void addStore(
      MockProcessorContext<byte[], byte[]> context,
      StoreBuilder<KeyValueStore<Bytes, byte[]>> builder) {
    KeyValueStore<Bytes, byte[]> store =
        builder.withCachingDisabled().withLoggingDisabled().build();
    store.init(context.getStateStoreContext(), store);
    context.addStateStore(store);
  }

  private void process(String captureId, List<TraceEvent> events) {
    EventChunkEncoder encoder = new EventChunkEncoder(captureId);
    events.forEach(encoder::add);
    processor.process(new Record<>(Topics.captureKey(captureId), encoder.finish(), 0));
  }

  private static EventHeader at(long sequence) {
    return new EventHeader(sequence, 1000 * sequence, 0, 1, "fio", sequence);
  }
}
