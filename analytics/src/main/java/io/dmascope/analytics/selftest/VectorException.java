package io.dmascope.analytics.selftest;

/** A vector that cannot be read; the message says what is wrong with it, without its place. */
final class VectorException extends RuntimeException {
  VectorException(String message) {
    super(message);
  }
}
