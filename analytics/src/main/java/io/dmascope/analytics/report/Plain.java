package io.dmascope.analytics.report;

import java.util.Locale;

/** Text that a terminal shows and does not obey: a trace may carry any byte as a task's name. */
public final class Plain {
  private Plain() {}

  /** Returns {@code text} with each control character written out, as {@code \x1b}. */
  public static String of(String text) {
    if (text.chars().noneMatch(Plain::isControl)) {
      return text;
    }
    StringBuilder plain = new StringBuilder(text.length() + 16);
    text.codePoints()
        .forEach(
            c -> {
              if (isControl(c)) {
                plain.append(String.format(Locale.ROOT, "\\x%02x", c));
              } else {
                plain.appendCodePoint(c);
              }
            });
    return plain.toString();
  }

  private static boolean isControl(int c) {
    return Character.isISOControl(c) || Character.getType(c) == Character.FORMAT;
  }
}
