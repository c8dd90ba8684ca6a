package io.dmascope.tables;

import java.io.IOException;

/** Opens the writer of a table; called once for each. */
public interface RowWriters {
  RowWriter open(Table table) throws IOException;
}
