package io.dmascope.tables;

import java.io.IOException;
import java.io.Writer;

/**
 * Writes a table as CSV of RFC 4180 but for bare line feeds, with a heading; nothing is an empty
 * cell.
 */
public final class CsvWriter implements RowWriter {
  private final Writer out;
  private boolean first = true;

  public CsvWriter(Table table, Writer out) throws IOException {
    this.out = out;
    for (Column column : table.columns()) {
      text(column.name());
    }
    endRow();
  }

  @Override
  public RowWriter text(String value) throws IOException {
    cell();
    if (isPlain(value)) {
      out.write(value);
    } else {
      out.write('"');
      out.write(value.replace("\"", "\"\""));
      out.write('"');
    }
    return this;
  }

  /** An empty text is not nothing, so it is quoted. */
  private static boolean isPlain(String value) {
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c == '"' || c == ',' || c == '\n' || c == '\r') {
        return false;
      }
    }
    return !value.isEmpty();
  }

  @Override
  public RowWriter integer(long value) throws IOException {
    cell();
    out.write(Long.toString(value));
    return this;
  }

  @Override
  public RowWriter address(long value) throws IOException {
    cell();
    out.write("0x");
    out.write(Long.toHexString(value));
    return this;
  }

  @Override
  public RowWriter nothing() throws IOException {
    cell();
    return this;
  }

  private void cell() throws IOException {
    if (!first) {
      out.write(',');
    }
    first = false;
  }

  @Override
  public void endRow() throws IOException {
    out.write('\n');
    first = true;
  }

  @Override
  public void close() throws IOException {
    out.close();
  }
}
