package io.dmascope.analytics.report;

import io.dmascope.model.finding.Severity;
import java.util.regex.Pattern;

/** Terminal colours, or none. */
public enum Paint {
  PLAIN,
  COLOUR;

  private static final Pattern ESCAPES = Pattern.compile("\u001b\\[[0-9;]*m");
  private static final String BOLD_RED = "1;31";
  private static final String BOLD_YELLOW = "1;33";
  private static final String BOLD_CYAN = "1;36";
  private static final String BOLD_GREEN = "1;32";
  private static final String BOLD = "1";
  private static final String BLUE = "34";
  private static final String DIM = "2";

  /** As bad as it is. */
  public String severity(Severity severity, String text) {
    return paint(
        switch (severity) {
          case ERROR -> BOLD_RED;
          case WARNING -> BOLD_YELLOW;
          case INFO -> BOLD_CYAN;
        },
        text);
  }

  /** What the eye should find first. */
  public String headline(String text) {
    return paint(BOLD, text);
  }

  /** All is well. */
  public String good(String text) {
    return paint(BOLD_GREEN, text);
  }

  /** A label that something belongs to. */
  public String note(String text) {
    return paint(BOLD_CYAN, text);
  }

  /** Points at a place. */
  public String arrow(String text) {
    return paint(BLUE, text);
  }

  /** What is there for those who look for it. */
  public String faint(String text) {
    return paint(DIM, text);
  }

  /** How many columns a painted text takes on the screen. */
  public static int width(String painted) {
    return ESCAPES.matcher(painted).replaceAll("").length();
  }

  private String paint(String sgr, String text) {
    return this == COLOUR ? "\u001b[" + sgr + "m" + text + "\u001b[0m" : text;
  }
}
