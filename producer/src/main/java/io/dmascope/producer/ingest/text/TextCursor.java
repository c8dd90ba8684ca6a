package io.dmascope.producer.ingest.text;

import io.dmascope.model.event.U64List;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A place in a buffer of lines, and the values that can be read there.
 *
 * <p>A method that reads a value leaves the cursor behind it; where there is none it returns 0 (or
 * an empty list) and sets {@link #failed}, which stays until {@link #moveTo}. So a decoder reads on
 * and asks once. No method passes a line feed, and every line ends with one.
 */
/* hot path */
public final class TextCursor {
  private static final byte[] ARRAY_OPEN = "ARRAY[".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] HEX_VALUE = new byte[256];
  private static final boolean[] NAME_PART = new boolean[256];

  static {
    Arrays.fill(HEX_VALUE, (byte) -1);
    for (int digit = 0; digit < 16; digit++) {
      HEX_VALUE["0123456789abcdef".charAt(digit)] = (byte) digit;
      HEX_VALUE["0123456789ABCDEF".charAt(digit)] = (byte) digit;
    }
  }

  static {
    for (int b = 0; b < 128; b++) {
      NAME_PART[b] = b == '_' || Character.isLetterOrDigit(b);
    }
  }

  private byte[] bytes = {'\n'};
  private int at;
  private boolean failed;
  private long[] values = new long[256];

  /** Goes to a place in a buffer of lines and forgets a failure. */
  public void moveTo(byte[] buffer, int place) {
    bytes = buffer;
    at = place;
    failed = false;
  }

  /** Goes to another place of the same buffer; a failure stays. */
  public void seek(int place) {
    at = place;
  }

  public byte[] bytes() {
    return bytes;
  }

  public int at() {
    return at;
  }

  public boolean failed() {
    return failed;
  }

  public void fail() {
    failed = true;
  }

  public byte peek() {
    return bytes[at];
  }

  public boolean atEndOfLine() {
    return bytes[at] == '\n';
  }

  /** True where a value may end: at a blank or at the end of the line. */
  public boolean atEndOfValue() {
    return isEnd(bytes[at]);
  }

  /**
   * A carriage return before the line feed (a trace that came over a serial console) is a blank.
   */
  private static boolean isBlank(byte b) {
    return b == ' ' || b == '\r';
  }

  private static boolean isEnd(byte b) {
    return b == ' ' || b == '\n' || b == '\r';
  }

  public void skipBlanks() {
    at = afterBlanks(bytes, at);
  }

  /** Returns the first place from {@code place} on that is no blank. */
  public static int afterBlanks(byte[] bytes, int place) {
    int p = place;
    while (isBlank(bytes[p])) {
      p++;
    }
    return p;
  }

  /** Returns the next blank or line feed from {@code place} on. */
  public static int endOfToken(byte[] bytes, int place) {
    int p = place;
    while (!isEnd(bytes[p])) {
      p++;
    }
    return p;
  }

  /** Returns the line feed that ends the line of {@code place}. */
  public static int endOfLine(byte[] bytes, int place) {
    int p = place;
    while (bytes[p] != '\n') {
      p++;
    }
    return p;
  }

  /** Returns the first place from {@code place} on that is no letter, digit or underscore. */
  public static int endOfName(byte[] bytes, int place) {
    int p = place;
    while (isNamePart(bytes[p])) {
      p++;
    }
    return p;
  }

  /** True for a byte of a name as C has them. */
  public static boolean isNamePart(byte b) {
    return NAME_PART[b & 0xff];
  }

  public static boolean isDigit(byte b) {
    return b >= '0' && b <= '9';
  }

  /** True where {@code text} stands at {@code place}. */
  public static boolean startsWith(byte[] bytes, int place, byte[] text) {
    for (int i = 0; i < text.length; i++) {
      if (bytes[place + i] != text[i]) {
        return false;
      }
    }
    return true;
  }

  /** Takes {@code text} where it stands here. */
  public boolean take(byte[] text) {
    if (!startsWith(bytes, at, text)) {
      return false;
    }
    at += text.length;
    return true;
  }

  /** Takes one byte where it stands here. */
  public boolean take(char c) {
    if (bytes[at] != c) {
      return false;
    }
    at++;
    return true;
  }

  /** Reads hexadecimal digits, with or without {@code 0x}, of at most 64 bits. */
  public long hex() {
    byte[] b = bytes;
    int p = at;
    if (b[p] == '0' && b[p + 1] == 'x') {
      p += 2;
    }
    int first = p;
    long value = 0;
    long overflow = 0;
    int digit;
    while ((digit = HEX_VALUE[b[p] & 0xff]) >= 0) {
      overflow |= value >>> 60;
      value = (value << 4) | digit;
      p++;
    }
    at = p;
    if (p == first || overflow != 0) {
      failed = true;
      return 0;
    }
    return value;
  }

  /** Reads an unsigned decimal number of at most 64 bits. */
  public long decimal() {
    byte[] b = bytes;
    int p = at;
    int first = p;
    long value = 0;
    boolean overflow = false;
    int digit;
    while ((digit = b[p] - '0') >= 0 && digit <= 9) {
      if (p - first >= 18) {
        long high = Math.unsignedMultiplyHigh(value, 10);
        long low = value * 10;
        overflow |= high != 0 || Long.compareUnsigned(low + digit, low) < 0;
      }
      value = value * 10 + digit;
      p++;
    }
    at = p;
    if (p == first || overflow) {
      failed = true;
      return 0;
    }
    return value;
  }

  /** Reads a number that is hexadecimal where it begins with {@code 0x}, else decimal. */
  public long number() {
    return bytes[at] == '0' && bytes[at + 1] == 'x' ? hex() : decimal();
  }

  /** Reads a 32-bit number: decimal with an optional sign, or {@code 0x} and its bits. */
  public int int32() {
    boolean negative = take('-');
    long value = number();
    if (value < 0 || value > 0xffff_ffffL || (negative && value > 1L << 31)) {
      failed = true;
      return 0;
    }
    return (int) (negative ? -value : value);
  }

  /** Reads a count that fits a C {@code int}. */
  public int count() {
    long value = number();
    if (value < 0 || value > Integer.MAX_VALUE) {
      failed = true;
      return 0;
    }
    return (int) value;
  }

  /** Reads {@code {0x1000,0x2000}}, as {@code __print_array} prints. */
  public U64List printedArray() {
    if (!take('{')) {
      failed = true;
      return U64List.EMPTY;
    }
    if (take('}')) {
      return U64List.EMPTY;
    }
    int count = 0;
    do {
      append(count++, hex());
    } while (take(','));
    if (!take('}') || failed) {
      failed = true;
      return U64List.EMPTY;
    }
    return U64List.wrap(Arrays.copyOf(values, count));
  }

  /**
   * Reads the bytes of an array in memory order, each two hexadecimal digits: {@code ARRAY[00, b0]}
   * of trace-cmd and perf, or {@code 00,b0} of the {@code fields} trace option. Nothing on the line
   * tells the byte order; it is read as little-endian.
   *
   * @param elementBytes 4 or 8
   */
  public U64List dumpedArray(int elementBytes) {
    byte[] b = bytes;
    boolean bracketed = take(ARRAY_OPEN);
    int p = at;
    int byteCount = 0;
    int elements = 0;
    long element = 0;
    while (HEX_VALUE[b[p] & 0xff] >= 0 && HEX_VALUE[b[p + 1] & 0xff] >= 0) {
      long value = 16L * HEX_VALUE[b[p] & 0xff] + HEX_VALUE[b[p + 1] & 0xff];
      element |= value << (8 * byteCount);
      p += 2;
      if (++byteCount == elementBytes) {
        append(elements++, element);
        element = 0;
        byteCount = 0;
      }
      if (b[p] != ',') {
        break;
      }
      p += bracketed && b[p + 1] == ' ' ? 2 : 1;
    }
    at = p;
    if ((bracketed && !take(']')) || byteCount != 0) {
      failed = true;
      return U64List.EMPTY;
    }
    return U64List.wrap(Arrays.copyOf(values, elements));
  }

  private void append(int index, long value) {
    if (index == values.length) {
      values = Arrays.copyOf(values, index * 2);
    }
    values[index] = value;
  }
}
