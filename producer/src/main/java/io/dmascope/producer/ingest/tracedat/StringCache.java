package io.dmascope.producer.ingest.tracedat;

import java.nio.charset.StandardCharsets;

/* hot path */
/**
 * Turns bytes into strings, giving the same string for the same bytes most of the time: device
 * names repeat in every record. A fixed number of places, of which a newcomer takes its own.
 */
final class StringCache {
  private static final int PLACES = 1024;

  /** Longer strings are markers and paths, which hardly repeat. */
  private static final int CACHED_LENGTH_MAX = 64;

  private final String[] strings = new String[PLACES];

  String text(byte[] bytes, int start, int length) {
    if (length > CACHED_LENGTH_MAX) {
      return new String(bytes, start, length, StandardCharsets.UTF_8);
    }
    int hash = length;
    for (int i = start; i < start + length; i++) {
      hash = 31 * hash + bytes[i];
    }
    int place = (hash ^ (hash >>> 16)) & (PLACES - 1);
    String cached = strings[place];
    if (cached == null || !same(cached, bytes, start, length)) {
      cached = new String(bytes, start, length, StandardCharsets.UTF_8);
      strings[place] = cached;
    }
    return cached;
  }

  // Only ASCII is ever found equal, which is what device names are.
  private static boolean same(String text, byte[] bytes, int start, int length) {
    if (text.length() != length) {
      return false;
    }
    for (int i = 0; i < length; i++) {
      if (text.charAt(i) != bytes[start + i]) {
        return false;
      }
    }
    return true;
  }
}
