package io.dmascope.producer.publish;

import io.dmascope.schemas.OutageNotice;
import java.util.Optional;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.RecordMetadata;

/**
 * What was handed to Kafka, and what became of it. Thread-safe: Kafka's own thread reports, the
 * publisher's asks.
 */
final class Deliveries implements Callback {
  private final OutageNotice outage;

  /* Guarded by this. */
  private long handedOver;
  private long stored;
  private long storedWhenLooked;
  private Optional<Exception> failure = Optional.empty();

  Deliveries(OutageNotice outage) {
    this.outage = outage;
  }

  /** A record is about to be handed over. */
  synchronized void handOver() {
    handedOver++;
  }

  @Override
  public void onCompletion(RecordMetadata metadata, Exception exception) {
    if (exception == null) {
      store();
    } else {
      fail(exception);
    }
  }

  private synchronized void store() {
    stored++;
  }

  /** Remembers the first failure: the others follow from it. */
  synchronized void fail(Exception exception) {
    failure = failure.or(() -> Optional.of(exception));
  }

  synchronized Optional<Exception> failure() {
    return failure;
  }

  /** Records that Kafka has stored. */
  synchronized long stored() {
    return stored;
  }

  /** Records that wait to be stored. */
  synchronized long waiting() {
    return handedOver - stored;
  }

  /** To be called now and then: says so where Kafka takes nothing. */
  synchronized void look() {
    if (waiting() > 0 && stored == storedWhenLooked) {
      outage.silent("records wait to be stored [records=%d]".formatted(waiting()));
    } else {
      outage.answered();
    }
    storedWhenLooked = stored;
  }
}
