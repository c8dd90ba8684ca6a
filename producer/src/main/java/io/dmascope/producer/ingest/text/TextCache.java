package io.dmascope.producer.ingest.text;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The strings of a capture that come again and again (task names, devices), found by their bytes.
 *
 * <p>Bounded: a text whose slot another one holds takes the slot over. A miss costs a new string,
 * never a wrong one.
 */
/* hot path */
public final class TextCache {
  private static final int SLOTS = 1 << 10;

  private final byte[][] keys = new byte[SLOTS][];
  private final String[] texts = new String[SLOTS];

  /** Returns the text of the bytes {@code [from, to)}; what is no UTF-8 shows as U+FFFD. */
  public String text(byte[] bytes, int from, int to) {
    int hash = 0;
    for (int i = from; i < to; i++) {
      hash = 31 * hash + bytes[i];
    }
    int slot = (hash ^ (hash >>> 10)) & (SLOTS - 1);
    byte[] key = keys[slot];
    if (key != null && Arrays.equals(key, 0, key.length, bytes, from, to)) {
      return texts[slot];
    }
    String text = new String(bytes, from, to - from, StandardCharsets.UTF_8);
    keys[slot] = Arrays.copyOfRange(bytes, from, to);
    texts[slot] = text;
    return text;
  }
}
