package io.dmascope.producer.ingest.dmesg;

import java.util.function.Consumer;

/**
 * Puts messages together again that a mail program or a narrow console broke: in a log whose lines
 * carry stamps, a line without one goes on with what stands before it.
 */
final class LineJoiner {
  /** Breaks in one message of at most a thousand characters; more is another text. */
  private static final int BREAKS_MAX = 8;

  private final Consumer<KernelLogLine> out;
  private KernelLogLine begun;
  private int breaks;

  LineJoiner(Consumer<KernelLogLine> out) {
    this.out = out;
  }

  void accept(KernelLogLine line) {
    boolean goesOn =
        begun != null
            && begun.stampNs().isPresent()
            && line.stampNs().isEmpty()
            && !line.text().isBlank()
            && breaks < BREAKS_MAX;
    if (goesOn) {
      begun = begun.continued(line);
      breaks++;
      return;
    }
    finish();
    begun = line;
  }

  void finish() {
    if (begun != null) {
      out.accept(begun);
    }
    begun = null;
    breaks = 0;
  }
}
