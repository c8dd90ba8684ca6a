package io.dmascope.producer.ingest.tracedat;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/* hot path */
/**
 * Turns bytes into strings, giving the same string for the same bytes most of the time: device
 * names repeat in every record. A fixed number of places, of which a newcomer takes its own.
 */
final class StringCache {
  private static final VarHandle U64 =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private static final int PLACES = 1024;

  /** Longer strings are markers and paths, which hardly repeat. */
  private static final int CACHED_LENGTH_MAX = 64;

  private static final long MIX = 0x9e3779b97f4a7c15L;

  private final byte[][] keys = new byte[PLACES][];
  private final String[] strings = new String[PLACES];

  /** Returns the text up to the first NUL, at most {@code length} bytes. */
  String text(byte[] bytes, int start, int length) {
    if (length > CACHED_LENGTH_MAX) {
      return decode(bytes, start, length);
    }
    int place = place(bytes, start, length);
    byte[] key = keys[place];
    if (key != null && Arrays.equals(key, 0, key.length, bytes, start, start + length)) {
      return strings[place];
    }
    keys[place] = Arrays.copyOfRange(bytes, start, start + length);
    strings[place] = decode(bytes, start, length);
    return strings[place];
  }

  /** Mixes the first and the last eight bytes, where device names differ. */
  private static int place(byte[] bytes, int start, int length) {
    long hash = length;
    if (length >= Long.BYTES) {
      long first = (long) U64.get(bytes, start);
      long last = (long) U64.get(bytes, start + length - Long.BYTES);
      hash += first * MIX + Long.rotateLeft(last, 32);
    } else {
      for (int i = start; i < start + length; i++) {
        hash = 31 * hash + bytes[i];
      }
    }
    return (int) ((hash * MIX) >>> 54);
  }

  private static String decode(byte[] bytes, int start, int length) {
    int end = start;
    while (end < start + length && bytes[end] != 0) {
      end++;
    }
    return new String(bytes, start, end - start, StandardCharsets.UTF_8);
  }
}
