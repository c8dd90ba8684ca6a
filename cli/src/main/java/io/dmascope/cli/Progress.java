package io.dmascope.cli;

import java.io.PrintWriter;
import java.util.Locale;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarConsumer;
import me.tongfei.progressbar.ProgressBarStyle;
import me.tongfei.progressbar.ProgressState;

/**
 * A progress bar on standard error: only on a terminal, and only for what takes longer than a
 * moment. Used by one thread.
 */
final class Progress implements AutoCloseable {
  /** Total of what nobody knows the end of. */
  static final long UNKNOWN = -1;

  private static final long MOMENT_NS = 1_000_000_000L;
  private static final int REDRAW_MS = 250;

  /** What is counted, and how many of it make one on the screen. */
  enum Unit {
    BYTES(" MB", 1_000_000),
    EVENTS("k events", 1_000),
    SEEDS(" seeds", 1);

    private final String name;
    private final long size;

    Unit(String name, long size) {
      this.name = name;
      this.size = size;
    }
  }

  private final Terminal terminal;
  private final String task;
  private final Unit unit;
  private final long total;
  private final long startNs = System.nanoTime();
  private ProgressBar bar;

  /**
   * @param total how many units there are, or {@link #UNKNOWN}
   */
  Progress(Terminal terminal, String task, Unit unit, long total) {
    this.terminal = terminal;
    this.task = task;
    this.unit = unit;
    this.total = total;
  }

  /** Tells how far it is. Cheap enough for once a batch, not for once an event. */
  void at(long current) {
    if (bar == null && terminal.errIsTerminal() && System.nanoTime() - startNs > MOMENT_NS) {
      bar = bar();
    }
    if (bar != null) {
      bar.stepTo(current);
    }
  }

  @Override
  public void close() {
    if (bar != null) {
      bar.close();
    }
  }

  private ProgressBar bar() {
    ProgressBarBuilder builder = new ProgressBarBuilder();
    if (total == UNKNOWN) {
      builder.setRenderer(this::count); // a bar towards nothing would only be in the way
    }
    return builder
        .setTaskName(task)
        .setInitialMax(total)
        .setUnit(unit.name, unit.size)
        .setStyle(ProgressBarStyle.UNICODE_BLOCK)
        .setUpdateIntervalMillis(REDRAW_MS)
        .setConsumer(new Line(terminal.err(), terminal.columns()))
        .showSpeed()
        .build();
  }

  /** Draws {@code trace.txt: 319k events in 10 s, 32k events/s}. */
  private String count(ProgressState state, int columns) {
    long seconds = Math.max(1, state.getElapsedAfterStart().toSeconds());
    long units = state.getCurrent() / unit.size;
    String line =
        String.format(
            Locale.ROOT,
            "%s: %,d%s in %,d s, %,d%s/s",
            task,
            units,
            unit.name,
            seconds,
            units / seconds,
            unit.name);
    return line.length() > columns
        ? line.substring(line.length() - columns) // the numbers matter more than a long name
        : line + " ".repeat(columns - line.length()); // the line before may have been longer
  }

  /** Draws over one line and wipes it at the end: what stays on the screen is the result. */
  private record Line(PrintWriter err, int columns) implements ProgressBarConsumer {
    @Override
    public int getMaxRenderedLength() {
      return columns - 1;
    }

    @Override
    public void accept(String rendered) {
      err.print('\r' + rendered);
      err.flush();
    }

    @Override
    public void close() {
      accept(" ".repeat(getMaxRenderedLength()));
      accept("");
    }
  }
}
