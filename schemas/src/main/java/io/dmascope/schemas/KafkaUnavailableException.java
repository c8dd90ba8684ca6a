package io.dmascope.schemas;

/** Kafka cannot be reached or refuses what we need; the message is one sentence for the user. */
public final class KafkaUnavailableException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public KafkaUnavailableException(String message, Throwable cause) {
    super(message, cause);
  }
}
