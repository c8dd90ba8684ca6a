package io.dmascope.cli;

import java.time.Duration;
import java.util.Locale;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarConsumer;
import me.tongfei.progressbar.ProgressBarStyle;
import me.tongfei.progressbar.ProgressState;

/**
 * A progress bar on standard error: only on a terminal, and only for what takes longer than a
 * moment. Thread-safe.
 */
final class Progress implements AutoCloseable {
  /** Total of what nobody knows the end of. */
  static final long UNKNOWN = -1;

  /** Total that is estimated on the way, by {@link #at(long, long)}. */
  static final long UNKNOWN_YET = 0;

  private static final long MOMENT_NS = 1_000_000_000L;
  private static final int REDRAW_MS = 250;

  /** What is counted, and how many of it make one on the screen. */
  enum Unit {
    EVENTS(" events", "k events", 1_000),
    /** The task's name says of what. */
    PLAIN("", "", 1),
    SEEDS(" seeds", " seeds", 1);

    /** A quiet rig sends a few events a second: they are not 0k. */
    private static final long ONES_MAX = 10_000;

    private final String ones;
    private final String name;
    private final long size;

    Unit(String ones, String name, long size) {
      this.ones = ones;
      this.name = name;
      this.size = size;
    }

    String of(long count) {
      return count < ONES_MAX
          ? String.format(Locale.ROOT, "%,d%s", count, ones)
          : String.format(Locale.ROOT, "%,d%s", count / size, name);
    }
  }

  private final Terminal terminal;
  private final String task;
  private final Unit unit;
  private final long total;
  private final boolean shown;
  private final long startNs = System.nanoTime();

  /* Guarded by this. */
  private long reached;
  private ProgressBar bar;

  /**
   * @param total how many units there are, or {@link #UNKNOWN}
   */
  Progress(Terminal terminal, String task, Unit unit, long total) {
    this(terminal, task, unit, total, terminal.errIsTerminal());
  }

  private Progress(Terminal terminal, String task, Unit unit, long total, boolean shown) {
    this.terminal = terminal;
    this.task = task;
    this.unit = unit;
    this.total = total;
    this.shown = shown;
  }

  /** For who writes to standard output meanwhile: silent where both are the same terminal. */
  static Progress besideOutput(Terminal terminal, String task, Unit unit, long total) {
    boolean shown = terminal.errIsTerminal() && !terminal.outIsTerminal();
    return new Progress(terminal, task, unit, total, shown);
  }

  /** Tells how far it is. Cheap enough for once a batch, not for once an event. */
  synchronized void at(long current) {
    reached = current;
    still();
  }

  /** Tells how far it is of how much that is likely to be. */
  synchronized void at(long current, long likelyTotal) {
    at(current);
    if (bar != null) {
      bar.maxHint(likelyTotal);
    }
  }

  /** Tells that it goes on, though it came no further: the clock runs, and the rate falls. */
  synchronized void still() {
    if (bar == null && shown && System.nanoTime() - startNs > MOMENT_NS) {
      bar = bar();
    }
    if (bar != null) {
      bar.stepTo(reached);
    }
  }

  @Override
  public synchronized void close() {
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
        .startsFrom(reached, Duration.ofNanos(System.nanoTime() - startNs))
        .setUnit(unit.name, unit.size)
        .setStyle(ProgressBarStyle.UNICODE_BLOCK)
        .setUpdateIntervalMillis(REDRAW_MS)
        .setConsumer(new Line(terminal))
        .showSpeed()
        .build();
  }

  /** Draws {@code trace.txt: 319k events in 10 s, 32k events/s}. */
  private String count(ProgressState state, int columns) {
    long seconds = Math.max(1, Duration.ofNanos(System.nanoTime() - startNs).toSeconds());
    String line =
        String.format(Locale.ROOT, "%s: %s in %,d s", task, unit.of(state.getCurrent()), seconds);
    if (unit != Unit.PLAIN) {
      line += ", " + unit.of(state.getCurrent() / seconds) + "/s";
    }
    // The numbers matter more than a long name.
    return line.substring(Math.max(0, line.length() - columns));
  }

  /** Draws over one line and wipes it at the end: what stays on the screen is the result. */
  private record Line(Terminal terminal) implements ProgressBarConsumer {
    @Override
    public int getMaxRenderedLength() {
      return terminal.columns() - 1;
    }

    @Override
    public void accept(String rendered) {
      terminal.draw(rendered);
    }

    @Override
    public void close() {
      terminal.draw("");
    }
  }
}
