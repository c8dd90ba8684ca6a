package io.dmascope.producer.ingest.layout;

import io.dmascope.producer.ingest.text.Ascii;
import io.dmascope.producer.ingest.text.Lines;
import io.dmascope.producer.ingest.text.ValueReader;
import java.util.List;

/** The labels of one event, in the order in which they usually stand on a line. */
/* hot path */
final class Labels {
  private final Ascii[] labels;

  Labels(List<String> labels) {
    this.labels = labels.stream().map(Ascii::of).toArray(Ascii[]::new);
  }

  /**
   * Returns the label at {@code place}, or -1.
   *
   * @param guess looked at first: the one that follows in the usual order
   */
  int at(byte[] b, int place, int guess) {
    if (guess < labels.length && labels[guess].isAt(b, place)) {
      return guess;
    }
    return from(0, b, place);
  }

  /** Returns the label at {@code place} that is none of those before {@code first}, or -1. */
  int from(int first, byte[] b, int place) {
    for (int label = first; label < labels.length; label++) {
      if (labels[label].isAt(b, place)) {
        return label;
      }
    }
    return -1;
  }

  int bytes(int label) {
    return labels[label].length();
  }

  String text(int label) {
    return labels[label].toString();
  }

  /** Returns where a text ends: before the blank that a known label follows, or with the line. */
  int endOfText(byte[] b, int from) {
    int end = Lines.endOfToken(b, from);
    while (b[end] != '\n') {
      int next = Lines.afterBlanks(b, end);
      if (Lines.isEnd(b[next]) || from(0, b, next) >= 0) {
        break;
      }
      end = Lines.endOfToken(b, next);
    }
    return end;
  }

  /**
   * Passes over a label of a kernel to come and its value; {@code NO_VALUE} where there is none.
   */
  static int afterUnknown(byte[] b, int from) {
    int to = Lines.endOfToken(b, from);
    for (int p = from + 1; p < to; p++) {
      if (b[p] == '=') {
        return to;
      }
    }
    return ValueReader.NO_VALUE;
  }
}
