package io.dmascope.producer.ingest.tracedat;

/**
 * One field of a record, as a {@code format} file describes it, e.g. {@code field:__data_loc char[]
 * device; offset:8; size:4; signed:0;}.
 *
 * @param type the declaration without the name and without {@code __data_loc}, e.g. {@code u64[]}
 * @param offset from the start of the record's payload
 * @param size bytes that the field takes in the fixed part; 0 for a trailing {@code char buf[]}
 */
public record FormatField(
    String name, String type, Placement placement, int offset, int size, boolean signed) {

  /** Where the value lies. */
  public enum Placement {
    /** In the field itself. */
    INLINE,
    /** The field holds offset (low 16 bits) and size (high 16) of the value in the payload. */
    DATA_LOC,
    /** As {@link #DATA_LOC}, but the offset counts from the end of the field. */
    REL_LOC
  }

  boolean isArray() {
    return type.endsWith("]");
  }

  /** The element's type, for an array. */
  public String elementType() {
    int bracket = type.indexOf('[');
    return (bracket < 0 ? type : type.substring(0, bracket)).strip();
  }
}
