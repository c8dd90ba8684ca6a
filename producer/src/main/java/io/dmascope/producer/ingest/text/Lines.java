package io.dmascope.producer.ingest.text;

/**
 * Places in a buffer of lines. Every line ends with a line feed, which is no part of any value: so
 * none of these methods leaves the line that it is called in.
 */
/* hot path */
public final class Lines {
  private static final boolean[] NAME_PART = new boolean[256];

  static {
    for (int b = 0; b < 128; b++) {
      NAME_PART[b] = b == '_' || Character.isLetterOrDigit(b);
    }
  }

  private Lines() {}

  /** Returns the first place from {@code place} on that is no blank. */
  public static int afterBlanks(byte[] bytes, int place) {
    int p = place;
    while (isBlank(bytes[p])) {
      p++;
      if (bytes[p] == ' ') {
        p += Words.indexOfOther(Words.at(bytes, p), (byte) ' ');
      }
    }
    return p;
  }

  /**
   * Returns the place behind the last byte before {@code place}, not before {@code from}, that is
   * no blank.
   */
  public static int beforeBlanks(byte[] bytes, int from, int place) {
    int p = place;
    while (p > from && isBlank(bytes[p - 1])) {
      p--;
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

  /** Returns the next colon, blank or line feed from {@code place} on. */
  public static int endOfName(byte[] bytes, int place) {
    int p = place;
    int distance;
    while ((distance = Words.indexOfNameEnd(Words.at(bytes, p))) == Long.BYTES) {
      p += Long.BYTES;
    }
    return p + distance;
  }

  /** Returns the line feed that ends the line of {@code place}. */
  public static int endOfLine(byte[] bytes, int place) {
    int p = place;
    int distance;
    while ((distance = Words.indexOf(Words.at(bytes, p), (byte) '\n')) == Long.BYTES) {
      p += Long.BYTES;
    }
    return p + distance;
  }

  /** True for a byte of a name as C has them. */
  public static boolean isNamePart(byte b) {
    return NAME_PART[b & 0xff];
  }

  public static boolean isDigit(byte b) {
    return b >= '0' && b <= '9';
  }

  /**
   * True where a value ends: at a blank, the end of the line, any control character. Bytes of 0x80
   * and more are letters.
   */
  public static boolean isEnd(byte b) {
    return (b & 0xff) <= ' ';
  }

  /**
   * What ends a value and is no line feed: so whoever passes over values and blanks in turn gets
   * on. A trace from a serial console has carriage returns.
   */
  private static boolean isBlank(byte b) {
    return isEnd(b) && b != '\n';
  }
}
