package io.dmascope.producer.ingest.text;

import java.nio.charset.StandardCharsets;

/** A constant text that is looked for in lines; it holds no line feed. */
/* hot path */
public final class Ascii {
  private final byte[] text;
  private final int length;
  private final long first;
  private final long firstMask;

  /** The last eight bytes, where there are more than eight. */
  private final long last;

  private Ascii(String text) {
    this.text = text.getBytes(StandardCharsets.US_ASCII);
    this.length = this.text.length;
    int inWord = Math.min(length, Long.BYTES);
    this.first = Words.first(Words.at(Words.lineOf(this.text), 0), inWord);
    this.firstMask = Words.first(-1L, inWord);
    this.last = Words.at(Words.lineOf(this.text), length - inWord);
  }

  public static Ascii of(String text) {
    return new Ascii(text);
  }

  public int length() {
    return length;
  }

  /** True where this text stands at {@code place}. */
  public boolean isAt(byte[] bytes, int place) {
    return (Words.at(bytes, place) & firstMask) == first
        && (length <= Long.BYTES || restIsAt(bytes, place));
  }

  private boolean restIsAt(byte[] bytes, int place) {
    if (length <= 2 * Long.BYTES) {
      return Words.at(bytes, place + length - Long.BYTES) == last;
    }
    byte[] t = text;
    for (int i = Long.BYTES; i < t.length; i++) {
      if (bytes[place + i] != t[i]) {
        return false;
      }
    }
    return true;
  }

  /** True where the bytes {@code [from, to)} are this text. */
  public boolean equalTo(byte[] bytes, int from, int to) {
    return to - from == length && isAt(bytes, from);
  }

  /** True where the bytes {@code [from, to)} end with this text. */
  public boolean endsIn(byte[] bytes, int from, int to) {
    return to - from >= length && isAt(bytes, to - length);
  }

  /** Returns where this text first begins in {@code [from, to)}, or -1. */
  public int indexIn(byte[] bytes, int from, int to) {
    for (int p = from; p <= to - length; p++) {
      if (isAt(bytes, p)) {
        return p;
      }
    }
    return -1;
  }

  @Override
  public String toString() {
    return new String(text, StandardCharsets.US_ASCII);
  }
}
