package io.dmascope.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.MinimalPrettyPrinter;
import io.dmascope.tables.Column;
import io.dmascope.tables.RowWriter;
import io.dmascope.tables.Table;
import java.io.IOException;
import java.io.Writer;
import java.util.List;

/** Writes a table as JSON, one object a row and a line; cells without a value are left out. */
final class JsonRowWriter implements RowWriter {
  private static final JsonFactory JSON = new JsonFactory();

  private final List<Column> columns;
  private final JsonGenerator json;
  private int cell;

  JsonRowWriter(Table table, Writer out) throws IOException {
    this.columns = table.columns();
    this.json = JSON.createGenerator(out);
    json.setPrettyPrinter(new MinimalPrettyPrinter(""));
  }

  @Override
  public RowWriter text(String value) throws IOException {
    json.writeStringField(next(), value);
    return this;
  }

  @Override
  public RowWriter integer(long value) throws IOException {
    json.writeNumberField(next(), value);
    return this;
  }

  @Override
  public RowWriter address(long value) throws IOException {
    json.writeStringField(next(), "0x" + Long.toHexString(value));
    return this;
  }

  @Override
  public RowWriter nothing() throws IOException {
    next();
    return this;
  }

  private String next() throws IOException {
    if (cell == 0) {
      json.writeStartObject();
    }
    return columns.get(cell++).name();
  }

  @Override
  public void endRow() throws IOException {
    json.writeEndObject();
    json.writeRaw('\n');
    cell = 0;
  }

  @Override
  public void close() throws IOException {
    json.close();
  }
}
