package io.dmascope.analytics.report;

import io.dmascope.analytics.ignore.IgnoreEntry;
import io.dmascope.analytics.ignore.Ignores;
import io.dmascope.model.event.CaptureFacts;
import io.dmascope.model.event.EventHeader;
import io.dmascope.model.event.InputCounts;
import io.dmascope.model.finding.Confidence;
import io.dmascope.model.finding.EventRef;
import io.dmascope.model.finding.LiveSite;
import io.dmascope.model.finding.RelatedEvent;
import io.dmascope.model.finding.RuleCoverage;
import io.dmascope.model.finding.Severity;
import io.dmascope.model.finding.Violation;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reports as a good compiler gives them:
 *
 * <pre>
 * error[DMA-MAP-001]: unmaps an address that is not mapped [dma_addr=0xffffe000] [size=8192]
 *   --> trace.txt:812  device 0000:00:0c.0, at 15.333807 s, bash-73 on CPU 3
 *   note: unmapped here
 *   --> trace.txt:811  at 15.333801 s, bash-73 on CPU 3
 * </pre>
 *
 * and after the findings of a capture, how many there were, what was checked and what was not, and
 * how each line of the input was accounted for.
 */
public final class TextReport implements ReportWriter {
  private static final int COLUMNS = 100;

  /** What every recording of DMA has; see {@code EventCounts.Family}. */
  private static final String ALWAYS_RECORDED = "dma:*";

  private static final Pattern REMEDY = Pattern.compile(" \\[(record|supply)=(.*)\\]$");
  private static final String CONTINUED = " ".repeat(15);

  private final Appendable out;
  private final Paint paint;
  private final boolean showIgnored;
  private boolean first = true;

  public TextReport(Appendable out, Paint paint) {
    this(out, paint, false);
  }

  /**
   * @param showIgnored true to show what the ignore file took, too
   */
  public TextReport(Appendable out, Paint paint, boolean showIgnored) {
    this.out = out;
    this.paint = paint;
    this.showIgnored = showIgnored;
  }

  @Override
  public void capture(CaptureReport report) throws IOException {
    if (!first) {
      line();
    }
    first = false;
    findings(report);
    if (showIgnored) {
      for (IgnoredFinding ignored : report.ignored()) {
        finding(report.facts(), ignored.finding(), Optional.of(ignored.entry()));
      }
    }
    summary(report);
  }

  @Override
  public void ignores(Ignores ignores) throws IOException {
    if (ignores.size() == 0) {
      return;
    }
    line();
    line(
        paint.headline(Plain.of(ignores.name())),
        "  (ignore file, ",
        Numbers.count(ignores.size(), "entr", "y", "ies"),
        ")");
    entries("unused", ignores.unused());
    entries("expired", ignores.expired());
    if (ignores.undated() > 0) {
      labelled(
          "undated",
          Numbers.count(ignores.undated(), "entr", "y", "ies")
              + " with an expiry that was compared with nothing: --date says what day it is");
    }
  }

  private void entries(String label, List<IgnoreEntry> entries) throws IOException {
    String shownLabel = label;
    for (IgnoreEntry entry : entries) {
      String until = entry.until().map(day -> " (until " + day + ")").orElse("");
      labelled(
          shownLabel,
          "line %d: %s%s: %s"
              .formatted(entry.line(), entry.rule(), until, Plain.of(entry.reason())));
      shownLabel = "";
    }
  }

  @Override
  public void close() {}

  /** Prints the findings alone. */
  public void findings(CaptureReport report) throws IOException {
    for (Finding finding : report.findings()) {
      finding(report.facts(), finding, Optional.empty());
    }
  }

  private void finding(CaptureFacts facts, Finding finding, Optional<IgnoreEntry> ignoredBy)
      throws IOException {
    Violation violation = finding.first();
    String kind = violation.severity().name().toLowerCase(Locale.ROOT);
    line(
        paint.severity(violation.severity(), kind + "[" + violation.ruleId() + "]"),
        paint.headline(": " + Plain.of(violation.message())));
    at(facts, violation.at(), device(violation.device()));
    if (violation.confidence() == Confidence.SUSPECT) {
      line("  ", paint.note("suspect"), ": ", Plain.of(violation.because()));
    }
    for (RelatedEvent related : violation.related()) {
      line("  ", paint.note("note"), ": ", Plain.of(related.what()));
      at(facts, related.at(), "");
    }
    if (finding.count() > 1) {
      repetitions(facts, finding);
    }
    if (ignoredBy.isPresent()) {
      line(
          "  ",
          paint.note("ignored"),
          ": by line " + ignoredBy.get().line() + " of the ignore file: ",
          Plain.of(ignoredBy.get().reason()));
    }
    line();
  }

  private void repetitions(CaptureFacts facts, Finding finding) throws IOException {
    StringBuilder again =
        new StringBuilder(Places.isLine(facts) ? ": again in line" : ": again at");
    String separator = " ";
    for (EventRef example : finding.examples()) {
      again.append(separator).append(Places.inFile(facts, example.place()));
      separator = ", ";
    }
    if (finding.count() > 1 + finding.examples().size()) {
      again
          .append(" ... and last ")
          .append(Places.inFile(facts, finding.last().place()))
          .append(" at ")
          .append(Numbers.stamp(facts, finding.last().timestampNs()));
    }
    line("  ", paint.note(Numbers.count(finding.count()) + " times"), again.toString());
  }

  private void at(CaptureFacts facts, EventRef at, String device) throws IOException {
    line(
        "  ",
        paint.arrow("-->"),
        " ",
        Plain.of(Places.toText(facts, at)),
        "  ",
        device,
        "at ",
        Numbers.stamp(facts, at.timestampNs()),
        task(at));
  }

  private static String device(String device) {
    return device.isEmpty() ? "" : "device " + Plain.of(device) + ", ";
  }

  private static String task(EventRef at) {
    String task = Plain.of(at.comm());
    if (at.pid() != EventHeader.UNKNOWN) {
      task += "-" + at.pid();
    }
    String cpu = at.cpu() == EventHeader.UNKNOWN ? "" : " on CPU " + at.cpu();
    return task.isEmpty() && cpu.isEmpty() ? "" : ", " + task + cpu;
  }

  /** Prints what the capture is and how many findings there were. */
  public void tally(CaptureReport report) throws IOException {
    CaptureFacts facts = report.facts();
    line(paint.headline(Plain.of(Places.fileName(facts))), source(facts));
    labelled("findings", tally(report.findings()));
    unjudged(report.unjudged());
    if (!report.ignored().isEmpty()) {
      long occurrences =
          report.ignored().stream().mapToLong(ignored -> ignored.finding().count()).sum();
      labelled(
          "ignored",
          "%s (%s in all)%s"
              .formatted(
                  Numbers.count(report.ignored().size(), "finding"),
                  Numbers.count(occurrences, "occurrence"),
                  showIgnored ? "" : "; --all shows them"));
    }
  }

  private void unjudged(List<Unjudged> unjudged) throws IOException {
    String label = "not judged";
    for (Unjudged each : unjudged) {
      List<String> rules = new ArrayList<>();
      each.byRule().forEach((rule, count) -> rules.add(rule + " " + Numbers.count(count)));
      labelled(
          label,
          "%s%s: %s (%s); --all shows them"
              .formatted(
                  Numbers.count(each.occurrences(), "suspicion"),
                  each.device().isEmpty() ? "" : " about " + Plain.of(each.device()),
                  each.because(),
                  String.join(", ", rules)));
      label = "";
    }
  }

  private void summary(CaptureReport report) throws IOException {
    tally(report);
    if (report.live().isPresent()) {
      live(report.facts(), report.live().get());
    }
    coverage(report.coverage());
    InputCounts input = report.input();
    labelled(
        "input",
        String.format(
            Locale.ROOT,
            "%,d lines = %,d decoded + %,d skipped + %,d unreadable; %s lost",
            input.lines(),
            input.decoded(),
            input.skipped(),
            input.issues(),
            Numbers.count(input.lost(), "event")));
  }

  /** Prints what was live at the end, oldest first: what has lived longest is asked about first. */
  private void live(CaptureFacts facts, List<LiveSite> sites) throws IOException {
    if (sites.isEmpty()) {
      labelled("live at end", "nothing");
      return;
    }
    labelled("live at end", Numbers.count(sites.size(), "site") + ", those with the oldest first");
    line(
        paint.faint(
            String.format(
                Locale.ROOT,
                "    %-14s %-14s %-13s %8s %9s %13s  %s",
                "device",
                "mapped as",
                "direction",
                "size <=",
                "live",
                "oldest",
                "by")));
    List<LiveSite> oldestFirst = new ArrayList<>(sites);
    oldestFirst.sort(Comparator.comparingLong(site -> site.oldest().sequence()));
    for (LiveSite site : oldestFirst) {
      line(siteLine(facts, site));
    }
  }

  private static String siteLine(CaptureFacts facts, LiveSite site) {
    return String.format(
        Locale.ROOT,
        "    %-14s %-14s %-13s %8s %,9d %13s  %s",
        Plain.of(site.device()),
        site.kind().debugName(),
        site.direction(),
        Long.toUnsignedString(site.sizeClass()),
        site.count(),
        Numbers.stamp(facts, site.oldest().timestampNs()),
        Plain.of(site.oldest().comm()));
  }

  private static String source(CaptureFacts facts) {
    List<String> parts = new ArrayList<>();
    parts.add(facts.format());
    parts.add(facts.kernelRelease().isEmpty() ? "" : "Linux " + facts.kernelRelease());
    parts.add(facts.clock().isEmpty() ? "" : "clock " + facts.clock());
    parts.add(facts.completeStart() ? "complete from the start" : "");
    parts.removeIf(String::isEmpty);
    return parts.isEmpty() ? "" : Plain.of("  (" + String.join(", ", parts) + ")");
  }

  private String tally(List<Finding> findings) {
    if (findings.isEmpty()) {
      return paint.good("none");
    }
    long occurrences = 0;
    long certain = 0;
    Map<Severity, Integer> bySeverity = new LinkedHashMap<>();
    for (Severity severity : Severity.values()) {
      bySeverity.put(severity, 0);
    }
    for (Finding finding : findings) {
      bySeverity.merge(finding.first().severity(), 1, Integer::sum);
      certain += finding.first().confidence() == Confidence.CERTAIN ? 1 : 0;
      occurrences += finding.count();
    }
    List<String> parts = new ArrayList<>();
    bySeverity.forEach(
        (severity, count) -> {
          if (count > 0) {
            String noun = severity == Severity.INFO ? "remark" : severity.name();
            parts.add(
                paint.severity(severity, Numbers.count(count, noun.toLowerCase(Locale.ROOT))));
          }
        });
    return String.join(", ", parts)
        + String.format(
            Locale.ROOT,
            " (%,d certain, %,d suspect; %s in all)",
            certain,
            findings.size() - certain,
            Numbers.count(occurrences, "occurrence"));
  }

  private void coverage(RuleCoverage coverage) throws IOException {
    labelled(
        "checked", coverage.checked().isEmpty() ? "nothing" : String.join(" ", coverage.checked()));
    Map<String, List<String>> byRemedy = new LinkedHashMap<>();
    for (RuleCoverage.NotChecked rule : coverage.notChecked()) {
      byRemedy.computeIfAbsent(remedy(rule.because()), _ -> new ArrayList<>()).add(rule.ruleId());
    }
    String label = "not checked";
    for (var remedy : byRemedy.entrySet()) {
      labelled(label, String.join(" ", remedy.getValue()) + ": " + Plain.of(remedy.getKey()));
      label = "";
    }
  }

  /**
   * What somebody could do about it where the reason says so, else the reason: {@code [record=x]}
   * becomes {@code record x}. The whole reason is in the JSON.
   */
  private static String remedy(String because) {
    Matcher remedy = REMEDY.matcher(because);
    if (!remedy.find()) {
      return because;
    }
    if (remedy.group(2).equals(ALWAYS_RECORDED)) {
      return because.substring(0, remedy.start()); // they were asked for: the reason is another
    }
    return remedy.group(1).equals("supply")
        ? "supply " + remedy.group(2) + " (rig manifest)"
        : "record " + String.join(" or ", remedy.group(2).split(",\\s*"));
  }

  /** Prints a label and words, the words wrapped under each other. */
  private void labelled(String label, String text) throws IOException {
    StringBuilder line =
        new StringBuilder(paint.faint(String.format(Locale.ROOT, "  %-13s", label)));
    int column = CONTINUED.length();
    for (String word : text.split(" ", -1)) {
      int width = Paint.width(word);
      if (column + width > COLUMNS && column > CONTINUED.length()) {
        line(line.toString().stripTrailing());
        line = new StringBuilder(CONTINUED);
        column = CONTINUED.length();
      }
      line.append(word).append(' ');
      column += width + 1;
    }
    line(line.toString().stripTrailing());
  }

  private void line(String... parts) throws IOException {
    for (String part : parts) {
      out.append(part);
    }
    out.append('\n');
  }
}
