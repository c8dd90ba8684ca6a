package io.dmascope.tables;

import java.util.List;

/**
 * A table's name and its columns in their order.
 *
 * @param meaning what a row is
 */
public record Table(String name, String meaning, List<Column> columns) {
  public Table {
    columns = List.copyOf(columns);
  }
}
