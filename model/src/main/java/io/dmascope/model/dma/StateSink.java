package io.dmascope.model.dma;

/**
 * Takes the pieces of a model's state that changed since the last call, so that they can be stored.
 */
@FunctionalInterface
public interface StateSink {
  /**
   * Stores one piece.
   *
   * @param table small number of the table the piece belongs to
   * @param page 0-based piece within the table
   * @param image the piece's bytes, owned by the receiver; null when the piece holds nothing any
   *     more
   */
  void put(int table, int page, byte[] image);
}
