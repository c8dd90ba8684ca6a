package io.dmascope.analytics.ignore;

/** A pattern of text in which {@code *} stands for any characters and {@code ?} for one. */
public record Glob(String pattern) {
  public static final Glob ANYTHING = new Glob("*");

  /** Whether the whole text fits the pattern. */
  public boolean matches(String text) {
    /*
     * Two fingers; where the pattern fails after a star, the star takes one character more and all behind it starts again.
     * Only the last star has to be tried again, so that the time is at most text times pattern.
     */
    int p = 0;
    int t = 0;
    int star = -1;
    int starText = 0;
    while (t < text.length()) {
      char c = p < pattern.length() ? pattern.charAt(p) : 0;
      if (c == '*') {
        star = p++;
        starText = t;
      } else if (p < pattern.length() && (c == '?' || c == text.charAt(t))) {
        p++;
        t++;
      } else if (star >= 0) {
        p = star + 1;
        t = ++starText;
      } else {
        return false;
      }
    }
    while (p < pattern.length() && pattern.charAt(p) == '*') {
      p++;
    }
    return p == pattern.length();
  }
}
