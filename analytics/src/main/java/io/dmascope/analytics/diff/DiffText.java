package io.dmascope.analytics.diff;

import io.dmascope.analytics.diff.FindingDiff.Row;
import io.dmascope.analytics.diff.FindingDiff.State;
import io.dmascope.analytics.report.Numbers;
import io.dmascope.analytics.report.Paint;
import io.dmascope.analytics.report.Plain;
import io.dmascope.model.finding.Severity;
import java.io.IOException;
import java.util.Locale;

/**
 * A comparison as a table:
 *
 * <pre>
 * before  old.txt, Linux 6.12.107
 * after   new.txt, Linux 7.2.13
 *
 * state  rule         device         before  after
 * new    DMA-MAP-001  0000:00:0c.0        -      3  unmaps what is already unmapped [...]
 * </pre>
 */
public final class DiffText {
  private static final int MESSAGE_CHARS = 72;

  private final Appendable out;
  private final Paint paint;
  private final boolean showSame;

  /**
   * @param showSame true to list what both sides have
   */
  public DiffText(Appendable out, Paint paint, boolean showSame) {
    this.out = out;
    this.paint = paint;
    this.showSame = showSame;
  }

  /** Prints the sides, a row for each cause, and how many there are of each state. */
  public void print(FindingDiff diff) throws IOException {
    side("before", diff.before());
    side("after", diff.after());
    boolean head = true;
    for (Row row : diff.rows()) {
      if (row.state() == State.SAME && !showSame) {
        continue;
      }
      if (head) {
        line("");
        line(
            paint.faint(
                String.format(
                    Locale.ROOT,
                    "%-11s  %-11s  %-12s  %9s  %9s",
                    "state",
                    "rule",
                    "device",
                    "before",
                    "after")));
        head = false;
      }
      row(row);
    }
    line("");
    line(
        "%s new, %s gone, %s not checked any more, %s the same%s"
            .formatted(
                Numbers.count(diff.count(State.NEW)),
                Numbers.count(diff.count(State.GONE)),
                Numbers.count(diff.count(State.NOT_CHECKED)),
                Numbers.count(diff.count(State.SAME)),
                showSame || diff.count(State.SAME) == 0 ? "" : " (--all lists them)"));
  }

  private void side(String label, FindingSet set) throws IOException {
    String kernels = set.kernels().isEmpty() ? "" : ", Linux " + set.kernels();
    line(paint.faint(String.format(Locale.ROOT, "%-7s ", label)) + Plain.of(set.name() + kernels));
  }

  private void row(Row row) throws IOException {
    line(
        state(row.state())
            + String.format(
                Locale.ROOT,
                "  %-11s  %-12s  %9s  %9s",
                row.rule(),
                Plain.of(row.device()),
                count(row.countBefore()),
                count(row.countAfter())));
    String message = Plain.of(row.message());
    int facts = message.indexOf(" [");
    String words = facts < 0 ? message : message.substring(0, facts);
    line(
        " ".repeat(13)
            + (words.length() <= MESSAGE_CHARS ? words : words.substring(0, MESSAGE_CHARS) + "…")
            + (row.certain() ? "" : ", suspect")
            + (row.checkedBefore() ? "" : ", not checked before"));
  }

  private String state(State state) {
    String word = String.format(Locale.ROOT, "%-11s", word(state));
    return switch (state) {
      case NEW -> paint.severity(Severity.ERROR, word);
      case GONE -> paint.good(word);
      case NOT_CHECKED -> paint.severity(Severity.WARNING, word);
      case SAME -> word;
    };
  }

  static String word(State state) {
    return state.name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }

  private static String count(long count) {
    return count == 0 ? "-" : Numbers.count(count);
  }

  private void line(String line) throws IOException {
    out.append(line.stripTrailing()).append('\n');
  }
}
