package io.dmascope.producer.ingest.text;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Eight bytes of a line at a time, as a {@code long} whose lowest byte is the first one.
 *
 * <p>A word may reach behind the line, so a buffer of lines has {@link #MARGIN_BYTES} more than its
 * lines need; {@link LineBlocks} sees to it, {@link #lineOf} does for a single line.
 */
/* hot path */
public final class Words {
  /**
   * How far behind its last line feed a buffer of lines must reach: a line's columns, looked at.
   */
  public static final int MARGIN_BYTES = 64;

  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private static final long ONES = 0x0101_0101_0101_0101L;
  private static final long HIGH_BITS = ONES << 7;

  private Words() {}

  /** Returns the eight bytes from {@code place} on. */
  public static long at(byte[] bytes, int place) {
    return (long) LONGS.get(bytes, place);
  }

  /** Keeps the first {@code count} bytes of a word, 0 to 8, and makes the others 0. */
  public static long first(long word, int count) {
    return count == Long.BYTES ? word : word & ((1L << (Byte.SIZE * count)) - 1);
  }

  /** Keeps the last {@code count} bytes of a word, 1 to 8, and makes the others 0. */
  public static long last(long word, int count) {
    return word & (-1L << (Byte.SIZE * (Long.BYTES - count)));
  }

  /** Returns the value of decimal digits behind zero bytes, or -1. */
  public static long digits(long word) {
    return (filled(word) & ~decimalDigits(word)) == 0 ? decimalValue(word) : -1;
  }

  /** Returns the value of decimal digits behind blanks behind zero bytes, or -1. */
  public static long rightAligned(long word) {
    long digits = decimalDigits(word);
    // Only digits follow a digit, and the last byte is one.
    boolean aligned =
        (filled(word) & ~(digits | blanks(word))) == 0 && ((digits << Byte.SIZE) & ~digits) == 0;
    return aligned && digits < 0 ? decimalValue(word) : -1;
  }

  /** Returns the value of decimal digits before blanks before zero bytes, or -1. */
  public static long leftAligned(long word) {
    long digits = decimalDigits(word);
    boolean aligned = (filled(word) & ~(digits | blanks(word))) == 0 && (digits & 0x80) != 0;
    int count = Long.numberOfTrailingZeros(~digits & HIGH_BITS) >>> 3;
    boolean together = first(digits, count) == digits;
    return aligned && together ? decimalValue(word << (Byte.SIZE * (Long.BYTES - count))) : -1;
  }

  /** True where no byte but zero bytes is a blank or a control character. */
  public static boolean isPrintable(long word) {
    long low = word & ~HIGH_BITS;
    return (filled(word) & ~(atLeast(low, ' ' + 1) | word)) == 0;
  }

  /** Sets the high bits of bytes that are decimal digits. */
  private static long decimalDigits(long word) {
    long low = word & ~HIGH_BITS;
    return atLeast(low, '0') & ~atLeast(low, '9' + 1) & ~word & HIGH_BITS;
  }

  /** Sets the high bits of bytes that are blanks. */
  private static long blanks(long word) {
    long low = word & ~HIGH_BITS;
    return atLeast(low, ' ') & ~atLeast(low, ' ' + 1) & ~word & HIGH_BITS;
  }

  /** Sets the high bits of bytes that are not zero. */
  private static long filled(long word) {
    return (atLeast(word & ~HIGH_BITS, 1) | word) & HIGH_BITS;
  }

  /** Returns the value of decimal digits; blanks and zero bytes before them count as zeros. */
  private static long decimalValue(long word) {
    long digits = word & ONES * 0x0f;
    long pairs = (10 * digits + (digits >>> 8)) & 0x00ff_00ff_00ff_00ffL;
    long fours = (100 * pairs + (pairs >>> 16)) & 0x0000_ffff_0000_ffffL;
    return (10_000 * fours + (fours >>> 32)) & 0xffff_ffffL;
  }

  /**
   * Returns the 0-based index of the first byte that equals {@code b}, or 8.
   *
   * <p>Exact: a carry can only falsify bytes behind the first hit.
   */
  public static int indexOf(long word, byte b) {
    long zeroWhereEqual = word ^ (ONES * (b & 0xff));
    long hits = (zeroWhereEqual - ONES) & ~zeroWhereEqual & HIGH_BITS;
    return Long.numberOfTrailingZeros(hits) >>> 3;
  }

  /** Returns the index of the first byte that differs from {@code b}, or 8. */
  public static int indexOfOther(long word, byte b) {
    return Long.numberOfTrailingZeros(word ^ (ONES * (b & 0xff))) >>> 3;
  }

  /** Returns the index of the first byte that is a colon, a blank or a control character, or 8. */
  static int indexOfNameEnd(long word) {
    long low = word & ~HIGH_BITS;
    long inName = atLeast(low, ' ' + 1) & ~(atLeast(low, ':') & ~atLeast(low, ':' + 1));
    return Long.numberOfTrailingZeros(~(inName | word) & HIGH_BITS) >>> 3;
  }

  /** True where all eight bytes are lower-case hexadecimal digits. */
  static boolean allHexDigits(long word) {
    long low = word & ~HIGH_BITS;
    long digit = atLeast(low, '0') & ~atLeast(low, '9' + 1);
    long letter = atLeast(low, 'a') & ~atLeast(low, 'f' + 1);
    return ((digit | letter) & ~word & HIGH_BITS) == HIGH_BITS;
  }

  /** Sets the high bit of every byte that is at least {@code bound}; bytes are below 0x80. */
  private static long atLeast(long low, int bound) {
    return low + ONES * (0x80 - bound);
  }

  /** Returns the value of eight lower-case hexadecimal digits. */
  static long hexValue(long word) {
    long nibbles = (word & ONES * 0x0f) + 9 * ((word >>> 6) & ONES);
    long bytes = ((nibbles << 4) | (nibbles >>> 8)) & 0x00ff_00ff_00ff_00ffL;
    long shorts = ((bytes << 8) | (bytes >>> 16)) & 0x0000_ffff_0000_ffffL;
    return ((shorts << 16) | (shorts >>> 32)) & 0xffff_ffffL;
  }

  /** Returns a buffer that holds the line and the line feed behind it. */
  public static byte[] lineOf(byte[] line) {
    byte[] buffer = new byte[line.length + 1 + MARGIN_BYTES];
    System.arraycopy(line, 0, buffer, 0, line.length);
    buffer[line.length] = '\n';
    return buffer;
  }
}
