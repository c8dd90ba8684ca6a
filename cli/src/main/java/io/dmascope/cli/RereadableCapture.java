package io.dmascope.cli;

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
  private final Terminal terminal;
  private final String file;
  private boolean toldIssues;

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
    try (RigCapture capture =
        RigCapture.open(file, terminal.in(), ReadOptions.DEFAULT, RigCapture.Options.DEFAULT)) {
      new EventHandover(capture, toldIssues ? _ -> {} : issues::issue).forEach(consumer);
    } finally {
      if (!toldIssues) {
        issues.finish();
      }
      toldIssues = true;
    }
  }
}
