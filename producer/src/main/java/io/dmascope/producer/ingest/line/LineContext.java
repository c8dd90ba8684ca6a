package io.dmascope.producer.ingest.line;

import io.dmascope.model.event.EventHeader;
import io.dmascope.producer.ingest.text.ValueReader;

/**
 * What stands before the event on its line: who, where, when. Filled by a {@link LineGrammar}, used
 * again for every line.
 */
/* hot path */
public final class LineContext {
  private static final long NS_PER_S = 1_000_000_000L;
  private static final int NS_DIGITS = 9;
  private static final long[] POWERS_OF_TEN = new long[NS_DIGITS + 1];

  static {
    POWERS_OF_TEN[0] = 1;
    for (int i = 1; i < POWERS_OF_TEN.length; i++) {
      POWERS_OF_TEN[i] = 10 * POWERS_OF_TEN[i - 1];
    }
  }

  /** More than any pid or CPU number has. */
  private static final int SMALL_DIGITS_MAX = 8;

  private final ValueReader values = new ValueReader();
  private int commFrom;
  private int commTo;
  private int pid;
  private int cpu;
  private long timestampNs;
  private boolean timed;

  /** Where a number just read ends. */
  private int numberEnd;

  /** Forgets the last line. */
  public void clear() {
    commFrom = 0;
    commTo = 0;
    pid = EventHeader.UNKNOWN;
    cpu = EventHeader.UNKNOWN;
    timestampNs = 0;
    timed = true;
  }

  /** Says where the task's name stands; blanks before it are no part of it. */
  public void comm(int from, int to) {
    commFrom = from;
    commTo = to;
  }

  public int commFrom() {
    return commFrom;
  }

  public int commTo() {
    return commTo;
  }

  public int pid() {
    return pid;
  }

  public void clearPid() {
    pid = EventHeader.UNKNOWN;
  }

  public int cpu() {
    return cpu;
  }

  public long timestampNs() {
    return timestampNs;
  }

  public void timestampNs(long value) {
    timestampNs = value;
  }

  /** False where the stamp is a bare number: it counts something else than time. */
  public boolean timed() {
    return timed;
  }

  /** Says whether the stamp counts time, where its form does not. */
  public void timed(boolean value) {
    timed = value;
  }

  /** Reads a pid; returns the place behind it, or -1. */
  public int readPid(byte[] b, int place) {
    int value = smallNumber(b, place);
    pid = value;
    return value < 0 ? -1 : numberEnd;
  }

  /** Reads a CPU number; returns the place behind it, or -1. */
  public int readCpu(byte[] b, int place) {
    int value = smallNumber(b, place);
    cpu = value;
    return value < 0 ? -1 : numberEnd;
  }

  /**
   * Reads a stamp: {@code seconds.fraction} becomes nanoseconds, a bare integer stays what it is
   * (the clocks counter, uptime and x86-tsc). Returns the place behind it, or -1.
   */
  public int readTimestamp(byte[] b, int place) {
    int p = values.decimal(b, place);
    long whole = values.number();
    if (p < 0 || whole < 0) {
      return -1;
    }
    timed = b[p] == '.';
    if (!timed) {
      timestampNs = whole;
      return p;
    }
    int end = values.decimal(b, p + 1);
    int digits = end - (p + 1);
    if (end < 0 || digits > NS_DIGITS || whole >= Long.MAX_VALUE / NS_PER_S) {
      return -1;
    }
    timestampNs = whole * NS_PER_S + values.number() * POWERS_OF_TEN[NS_DIGITS - digits];
    return end;
  }

  /** Sets everything but the name at once. */
  public void set(int newPid, int newCpu, long newTimestampNs) {
    pid = newPid;
    cpu = newCpu;
    timestampNs = newTimestampNs;
  }

  /** A number of at most eight digits, or -1. */
  private int smallNumber(byte[] b, int place) {
    numberEnd = values.decimal(b, place);
    return numberEnd < 0 || numberEnd - place > SMALL_DIGITS_MAX ? -1 : (int) values.number();
  }
}
