package io.dmascope.tables;

/**
 * A column of a table.
 *
 * @param name the same in every form
 * @param unit of the values; empty where they have none
 * @param meaning a short phrase, for people
 */
public record Column(String name, Type type, String unit, String meaning) {
  /** What a column holds; every cell may also hold nothing. */
  public enum Type {
    TEXT,
    /** A signed 64-bit number. */
    INTEGER,
    /** An unsigned 64-bit address, written {@code 0x...}. */
    ADDRESS
  }

  static Column text(String name, String meaning) {
    return new Column(name, Type.TEXT, "", meaning);
  }

  static Column integer(String name, String unit, String meaning) {
    return new Column(name, Type.INTEGER, unit, meaning);
  }

  static Column address(String name, String meaning) {
    return new Column(name, Type.ADDRESS, "", meaning);
  }
}
