package io.dmascope.tables;

import java.io.Closeable;
import java.io.IOException;

/**
 * Takes the rows of one table, cell by cell in the order of its columns; {@link #endRow} follows
 * the last cell of each.
 */
public interface RowWriter extends Closeable {
  RowWriter text(String value) throws IOException;

  RowWriter integer(long value) throws IOException;

  /** An address, unsigned. */
  RowWriter address(long value) throws IOException;

  /** A cell without a value. */
  RowWriter nothing() throws IOException;

  void endRow() throws IOException;

  /** Text that may be unknown, which is nothing. */
  default RowWriter known(String value) throws IOException {
    return value.isEmpty() ? nothing() : text(value);
  }
}
