package io.dmascope.producer.ingest.text;

import io.dmascope.model.event.U64List;
import java.util.Arrays;

/**
 * Reads values out of lines. A method returns the place behind the value, or {@link #NO_VALUE}; the
 * value itself is then {@link #number} or {@link #list}.
 */
/* hot path */
public final class ValueReader {
  /** Returned where there is no value of that form, or one that does not fit. */
  public static final int NO_VALUE = -1;

  private static final Ascii ARRAY_OPEN = Ascii.of("ARRAY[");

  /** Digits of 64 bits. */
  private static final int HEX_DIGITS_MAX = 16;

  /** As many decimal digits always fit 64 bits. */
  private static final int DECIMAL_DIGITS_SAFE = 19;

  private static final byte[] HEX_VALUE = new byte[256];

  static {
    Arrays.fill(HEX_VALUE, (byte) -1);
    for (int digit = 0; digit < 16; digit++) {
      HEX_VALUE["0123456789abcdef".charAt(digit)] = (byte) digit;
    }
  }

  private long number;
  private U64List list = U64List.EMPTY;
  private long[] elements = new long[256];

  /** The number last read; unsigned where its form is. */
  public long number() {
    return number;
  }

  /** The list last read. */
  public U64List list() {
    return list;
  }

  /** Reads at most 16 lower-case hexadecimal digits, with or without {@code 0x} before them. */
  public int hex(byte[] b, int place) {
    int first = b[place] == '0' && b[place + 1] == 'x' ? place + 2 : place;
    int p = first;
    long value = 0;
    long word = Words.at(b, p);
    if (Words.allHexDigits(word)) {
      value = Words.hexValue(word);
      p += Long.BYTES;
      word = Words.at(b, p);
      if (Words.allHexDigits(word)) {
        value = (value << Integer.SIZE) | Words.hexValue(word);
        p += Long.BYTES;
      }
    }
    int digit;
    while ((digit = HEX_VALUE[b[p] & 0xff]) >= 0) {
      value = (value << 4) | digit;
      p++;
    }
    number = value;
    return p > first && p - first <= HEX_DIGITS_MAX ? p : NO_VALUE;
  }

  /** Passes over hexadecimal digits, with or without {@code 0x} before them. */
  public static int skipHex(byte[] b, int place) {
    int first = b[place] == '0' && b[place + 1] == 'x' ? place + 2 : place;
    int p = first;
    while (Words.allHexDigits(Words.at(b, p))) {
      p += Long.BYTES;
    }
    while (HEX_VALUE[b[p] & 0xff] >= 0) {
      p++;
    }
    return p > first ? p : NO_VALUE;
  }

  /** Reads an unsigned decimal number of at most 64 bits. */
  public int decimal(byte[] b, int place) {
    int p = place;
    long value = 0;
    int digit;
    while ((digit = b[p] - '0') >= 0 && digit <= 9) {
      value = value * 10 + digit;
      p++;
    }
    number = value;
    int digits = p - place;
    return digits > 0 && (digits <= DECIMAL_DIGITS_SAFE || fits(b, place, p)) ? p : NO_VALUE;
  }

  /** True where the digits {@code [from, to)} make no more than 64 bits. */
  private static boolean fits(byte[] b, int from, int to) {
    long value = 0;
    for (int p = from; p < to; p++) {
      long tenfold = value * 10;
      long next = tenfold + (b[p] - '0');
      if (Math.unsignedMultiplyHigh(value, 10) != 0 || Long.compareUnsigned(next, tenfold) < 0) {
        return false;
      }
      value = next;
    }
    return true;
  }

  /** Reads a number that is hexadecimal where it begins with {@code 0x}, else decimal. */
  public int number(byte[] b, int place) {
    return b[place] == '0' && b[place + 1] == 'x' ? hex(b, place) : decimal(b, place);
  }

  /** Reads a count that fits a C {@code int}. */
  public int count(byte[] b, int place) {
    int p = number(b, place);
    return number >= 0 && number <= Integer.MAX_VALUE ? p : NO_VALUE;
  }

  /** Reads a C {@code int}: decimal with an optional sign, or {@code 0x} and its 32 bits. */
  public int int32(byte[] b, int place) {
    boolean negative = b[place] == '-';
    int p = number(b, negative ? place + 1 : place);
    boolean fits = number >= 0 && number <= (negative ? 1L << 31 : 0xffff_ffffL);
    number = (int) (negative ? -number : number);
    return fits ? p : NO_VALUE;
  }

  /** Reads {@code {0x1000,0x2000}}, as {@code __print_array} prints. */
  public int printedArray(byte[] b, int place) {
    if (b[place] != '{') {
      return NO_VALUE;
    }
    int p = place + 1;
    int count = 0;
    if (b[p] != '}') {
      do {
        p = hex(b, count == 0 ? p : p + 1);
        if (p == NO_VALUE) {
          return NO_VALUE;
        }
        append(count++, number);
      } while (b[p] == ',');
    }
    list = U64List.wrap(Arrays.copyOf(elements, count));
    return b[p] == '}' ? p + 1 : NO_VALUE;
  }

  /**
   * Reads the bytes of an array in memory order, each two hexadecimal digits: {@code ARRAY[00, b0]}
   * of trace-cmd and perf, or {@code 00,b0} of the {@code fields} trace option. Nothing on the line
   * tells the byte order; it is read as little-endian.
   *
   * @param elementBytes 4 or 8
   */
  public int dumpedArray(byte[] b, int place, int elementBytes) {
    boolean bracketed = ARRAY_OPEN.isAt(b, place);
    int p = bracketed ? place + ARRAY_OPEN.length() : place;
    int byteCount = 0;
    int count = 0;
    long element = 0;
    while (HEX_VALUE[b[p] & 0xff] >= 0 && HEX_VALUE[b[p + 1] & 0xff] >= 0) {
      long value = 16L * HEX_VALUE[b[p] & 0xff] + HEX_VALUE[b[p + 1] & 0xff];
      element |= value << (Byte.SIZE * byteCount);
      p += 2;
      if (++byteCount == elementBytes) {
        append(count++, element);
        element = 0;
        byteCount = 0;
      }
      if (b[p] != ',') {
        break;
      }
      p += bracketed && b[p + 1] == ' ' ? 2 : 1;
    }
    if (byteCount != 0) {
      return NO_VALUE;
    }
    list = U64List.wrap(Arrays.copyOf(elements, count));
    if (bracketed) {
      return b[p] == ']' ? p + 1 : NO_VALUE;
    }
    return p;
  }

  private void append(int index, long value) {
    if (index == elements.length) {
      elements = Arrays.copyOf(elements, index * 2);
    }
    elements[index] = value;
  }
}
