package io.dmascope.producer.ingest.text;

import java.nio.charset.StandardCharsets;

/**
 * The strings of a capture that come again and again (task names, devices), found by their bytes.
 *
 * <p>Bounded: a text whose slot another one holds takes the slot over. A miss costs a new string,
 * never a wrong one. Texts of more than 16 bytes are not kept.
 */
/* hot path */
public final class TextCache {
  private static final int SLOTS = 1 << 10;
  private static final long MULTIPLIER = 0x9e37_79b9_7f4a_7c15L;

  /** The bytes of a text, zeros behind them; no text of a line contains a zero byte unnoticed. */
  private final long[] firstWords = new long[SLOTS];

  private final long[] lastWords = new long[SLOTS];
  private final int[] lengths = new int[SLOTS];
  private final String[] texts = new String[SLOTS];

  /**
   * Returns the text of the bytes {@code [from, to)} without blanks before it, so that a column can
   * be looked up as it stands. What is no UTF-8 shows as U+FFFD.
   */
  public String text(byte[] bytes, int from, int to) {
    int length = to - from;
    if (length > 2 * Long.BYTES) {
      return decode(bytes, from, length);
    }
    long first = Words.first(Words.at(bytes, from), Math.min(length, Long.BYTES));
    long last =
        length <= Long.BYTES
            ? 0
            : Words.first(Words.at(bytes, from + Long.BYTES), length - Long.BYTES);
    int slot = (int) ((((first * MULTIPLIER) ^ last) * MULTIPLIER) >>> (Long.SIZE - 10));
    if (firstWords[slot] == first
        && lastWords[slot] == last
        && lengths[slot] == length
        && texts[slot] != null) {
      return texts[slot];
    }
    String text = decode(bytes, from, length);
    firstWords[slot] = first;
    lastWords[slot] = last;
    lengths[slot] = length;
    texts[slot] = text;
    return text;
  }

  private static String decode(byte[] bytes, int from, int length) {
    return new String(bytes, from, length, StandardCharsets.UTF_8).stripLeading();
  }
}
