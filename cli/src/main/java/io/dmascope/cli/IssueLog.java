package io.dmascope.cli;

import io.dmascope.analytics.report.Plain;
import io.dmascope.model.event.TraceIssue;

/**
 * Tells the user about trouble in a trace: the first few with their place, the rest as a number.
 * Used by the one thread that reads.
 */
final class IssueLog {
  private static final int SHOWN_MAX = 5;
  private static final int EXCERPT_CHARS = 60;

  private final Terminal terminal;
  private final String file;
  private final long issuesMax;
  private long issues;

  /**
   * @param issuesMax how many may come; more end the reading
   */
  IssueLog(Terminal terminal, String file, long issuesMax) {
    this.terminal = terminal;
    this.file = file;
    this.issuesMax = issuesMax;
  }

  void issue(TraceIssue issue) {
    issues++;
    if (issues <= SHOWN_MAX) {
      terminal
          .err()
          .println(
              Plain.of(
                  "%s:%d: %s%s".formatted(file, issue.place(), issue.message(), excerpt(issue))));
    }
    if (issues > issuesMax) {
      throw new CommandException(
          "%s: stopped after %d unreadable lines (--max-errors)".formatted(file, issuesMax));
    }
  }

  /** Tells of those that were not shown. */
  void finish() {
    if (issues > SHOWN_MAX) {
      terminal
          .err()
          .println(Plain.of(file) + ": " + (issues - SHOWN_MAX) + " more lines could not be read");
    }
  }

  private static String excerpt(TraceIssue issue) {
    String excerpt = issue.excerpt();
    if (excerpt.isEmpty()) {
      return "";
    }
    boolean whole = excerpt.length() <= EXCERPT_CHARS;
    return ": " + (whole ? excerpt : excerpt.substring(0, EXCERPT_CHARS) + "…");
  }
}
