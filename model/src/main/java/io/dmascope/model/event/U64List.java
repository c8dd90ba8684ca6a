package io.dmascope.model.event;

import java.util.Arrays;

/** An immutable list of unsigned 64-bit values, as the array fields of the sg tracepoints carry. */
public final class U64List {
  public static final U64List EMPTY = new U64List(new long[0]);

  private final long[] values;

  private U64List(long[] values) {
    this.values = values;
  }

  /** Takes the array over without a copy; the caller must not change it afterwards. */
  public static U64List wrap(long[] values) {
    return values.length == 0 ? EMPTY : new U64List(values);
  }

  /** Copies the values. */
  public static U64List of(long... values) {
    return wrap(values.clone());
  }

  public int size() {
    return values.length;
  }

  public boolean isEmpty() {
    return values.length == 0;
  }

  /** Returns the value at the 0-based index. */
  public long at(int index) {
    return values[index];
  }

  /**
   * True where the first {@code count} values of both lists are the same; both must be that long.
   */
  public boolean samePrefix(U64List other, int count) {
    return Arrays.equals(values, 0, count, other.values, 0, count);
  }

  /** The sum of all values, modulo 2^64. */
  public long sum() {
    long sum = 0;
    for (long value : values) {
      sum += value;
    }
    return sum;
  }

  public long[] toArray() {
    return values.clone();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof U64List list && Arrays.equals(values, list.values);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(values);
  }

  /** Prints as {@code __print_array} does: {@code {0x1000,0x2000}}. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder("{");
    for (int i = 0; i < values.length; i++) {
      text.append(i == 0 ? "0x" : ",0x").append(Long.toHexString(values[i]));
    }
    return text.append('}').toString();
  }
}
