package io.dmascope.cli;

import io.dmascope.analytics.report.Plain;
import io.dmascope.model.event.TraceEvent;
import io.dmascope.producer.ingest.ReadOptions;
import io.dmascope.producer.ingest.rig.RigCapture;
import java.io.IOException;
import java.util.function.Consumer;

/**
 * A capture that a command reads more than once, and so cannot come from standard input; with what
 * lies beside it, or an archive of the capture kit.
 */
final class RereadableCapture {
  private static final int PROGRESS_EVERY = 1 << 12;

  private final Terminal terminal;
  private final String file;
  private boolean toldIssues;
  private long events;

  /** How many there are, once it was read. */
  private long eventsKnown = Progress.UNKNOWN;

  RereadableCapture(Terminal terminal, String file) {
    if (file.equals("-")) {
      throw new CommandException("reads its input more than once: give it a file");
    }
    this.terminal = terminal;
    this.file = file;
  }

  String file() {
    return file;
  }

  /** Gives every event to {@code consumer}; trouble in the trace is told the first time. */
  void forEach(Consumer<TraceEvent> consumer) throws IOException {
    IssueLog issues = new IssueLog(terminal, file, Long.MAX_VALUE);
    String task = Plain.of(file) + (toldIssues ? ", again" : "");
    try (RigCapture capture =
            RigCapture.open(file, terminal.in(), ReadOptions.DEFAULT, RigCapture.Options.DEFAULT);
        Progress progress = new Progress(terminal, task, Progress.Unit.EVENTS, eventsKnown)) {
      events = 0;
      new EventHandover(capture, toldIssues ? _ -> {} : issues::issue)
          .forEach(
              event -> {
                consumer.accept(event);
                if (++events % PROGRESS_EVERY == 0) {
                  progress.at(events);
                }
              });
      eventsKnown = events;
    } finally {
      if (!toldIssues) {
        issues.finish();
      }
      toldIssues = true;
    }
  }
}
