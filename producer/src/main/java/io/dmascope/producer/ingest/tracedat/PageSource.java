package io.dmascope.producer.ingest.tracedat;

/** Gives the ring-buffer pages of one CPU, some consecutive ones at a time. */
sealed interface PageSource permits MappedPages, CompressedPages {
  /**
   * Loads the next pages into {@link #bytes()}; false at the end.
   *
   * @throws DamagedFileException where pages are missing here; the next call goes on behind them
   */
  boolean next() throws DamagedFileException;

  byte[] bytes();

  /** How many of the bytes are pages. */
  int size();

  /** Where the first of the bytes stands, as {@code EventHeader.place()} tells it. */
  long place();
}
