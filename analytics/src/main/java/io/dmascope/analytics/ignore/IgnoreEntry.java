package io.dmascope.analytics.ignore;

import io.dmascope.model.event.CaptureFacts;
import io.dmascope.model.finding.Violation;
import java.time.LocalDate;
import java.util.Optional;

/** One line of an ignore file. */
public final class IgnoreEntry {
  private final int line;
  private final Glob rule;
  private final Glob device;
  private final Glob task;
  private final KernelRange kernel;
  private final Optional<LocalDate> until;
  private final String reason;

  IgnoreEntry(
      int line,
      Glob rule,
      Glob device,
      Glob task,
      KernelRange kernel,
      Optional<LocalDate> until,
      String reason) {
    this.line = line;
    this.rule = rule;
    this.device = device;
    this.task = task;
    this.kernel = kernel;
    this.until = until;
    this.reason = reason;
  }

  /** 1-based line of the file. */
  public int line() {
    return line;
  }

  /** The rule id or pattern of ids. */
  public String rule() {
    return rule.pattern();
  }

  /** The last day on which it holds; empty where it holds for ever. */
  public Optional<LocalDate> until() {
    return until;
  }

  /** Why the finding is not wanted; never empty. */
  public String reason() {
    return reason;
  }

  boolean matches(Violation violation, CaptureFacts facts) {
    return rule.matches(violation.ruleId())
        && device.matches(violation.device())
        && task.matches(violation.at().comm())
        && kernel.contains(facts.kernelRelease());
  }

  boolean expired(Optional<LocalDate> today) {
    return today.isPresent() && until.isPresent() && today.get().isAfter(until.get());
  }
}
