package io.dmascope.producer.ingest.line;

/** How a format writes the context of an event. */
@FunctionalInterface
public interface LineGrammar {
  /** Returned by {@link #readContext} where the line does not begin with a context. */
  int NO_CONTEXT = -1;

  /**
   * Reads the context at the beginning of a line.
   *
   * @param bytes holds the line from {@code from} on, ended by a line feed
   * @param context receives what was read; undefined where there is none
   * @return where the event's name begins, or {@link #NO_CONTEXT}
   */
  int readContext(byte[] bytes, int from, LineContext context);
}
