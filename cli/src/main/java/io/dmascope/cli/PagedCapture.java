package io.dmascope.cli;

import io.dmascope.analytics.AnalyticsState;
import io.dmascope.analytics.ReportPage;
import io.dmascope.model.dma.DmaModel;
import io.dmascope.model.event.CaptureEnd;
import io.dmascope.model.event.CaptureStart;
import io.dmascope.model.event.InputCounts;
import io.dmascope.model.event.TraceEvent;
import io.dmascope.model.finding.DeviceSummary;
import io.dmascope.model.finding.MappingLifecycle;
import io.dmascope.model.finding.ModelOutput;
import io.dmascope.model.finding.RuleCoverage;
import io.dmascope.model.finding.Violation;
import io.dmascope.producer.ingest.TracefsPrinter;
import io.dmascope.producer.ingest.rig.RigCapture;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * Puts one recording on the page of a report: replays it, then reads it again for the lines around
 * what was found.
 */
final class PagedCapture {
  private static final int PROGRESS_EVERY = 1 << 12;

  /** Lines shown before and after an event. */
  private static final int LINES_AROUND = 2;

  /** Opens the recording; each call reads it from its begin. */
  interface Opener {
    RigCapture open() throws IOException;
  }

  private final AnalyticsState state;
  private final ReportPage page;
  private final boolean readOnce;
  private final DmaModel model = new DmaModel();
  private String captureId = "";
  private InputCounts input = InputCounts.NONE;
  private long events;
  private long lastSequence;

  /**
   * @param readOnce true where the recording cannot be read again
   */
  PagedCapture(AnalyticsState state, ReportPage page, boolean readOnce) {
    this.state = state;
    this.page = page;
    this.readOnce = readOnce;
  }

  void read(Opener opener, IssueLog issues, Progress progress) throws IOException {
    try (progress;
        RigCapture capture = opener.open()) {
      new EventHandover(capture, issues::issue)
          .forEach(
              event -> {
                apply(event);
                if (++events % PROGRESS_EVERY == 0) {
                  progress.at(events);
                }
              });
    } finally {
      issues.finish();
    }
    if (!readOnce) {
      readLines(opener);
    }
  }

  private void apply(TraceEvent event) {
    if (event instanceof CaptureStart start) {
      captureId = start.facts().captureId();
      state.capture(start.facts());
    } else if (event instanceof CaptureEnd end) {
      input = end.input();
    }
    lastSequence = event.header().sequence();
    model.apply(event, new Output(state.output(captureId)));
  }

  /** What ends a capture comes with the coverage, which is why it is held until then. */
  private final class Output implements ModelOutput {
    private final ModelOutput page;

    Output(ModelOutput page) {
      this.page = page;
    }

    @Override
    public void violation(Violation violation) {
      page.violation(violation);
    }

    @Override
    public void lifecycle(MappingLifecycle lifecycle) {
      page.lifecycle(lifecycle);
    }

    @Override
    public void summary(DeviceSummary summary) {
      page.summary(summary);
    }

    @Override
    public void coverage(RuleCoverage coverage) {
      state.ended(captureId, lastSequence, input, coverage);
    }
  }

  private void readLines(Opener opener) throws IOException {
    List<Long> wanted = page.eventsToShow(captureId);
    if (wanted.isEmpty()) {
      return;
    }
    Lines lines = new Lines(wanted);
    try (RigCapture capture = opener.open()) {
      new EventHandover(capture, _ -> {}).forEach(lines::event);
    }
    lines.finish();
  }

  /** Keeps the lines before an event until it is known whether it is wanted. */
  private final class Lines {
    /** Around one event; its own line is there, those after it are still coming. */
    private static final class Open {
      private final long sequence;
      private final List<ReportPage.Line> lines;
      private int after;

      Open(long sequence, List<ReportPage.Line> lines) {
        this.sequence = sequence;
        this.lines = lines;
      }

      void follow(String text) {
        lines.add(new ReportPage.Line(text, false));
        after++;
      }

      boolean isFull() {
        return after == LINES_AROUND;
      }
    }

    private final TracefsPrinter printer = new TracefsPrinter();
    private final Deque<String> before = new ArrayDeque<>();
    private final Deque<Long> wanted;
    private final List<Open> open = new ArrayList<>();

    Lines(List<Long> wanted) {
      this.wanted = new ArrayDeque<>(wanted);
    }

    void event(TraceEvent event) {
      if (open.isEmpty() && (wanted.isEmpty() || isFarFrom(event))) {
        return;
      }
      long sequence = event.header().sequence();
      String text = printer.line(event);
      open.forEach(each -> each.follow(text));
      open.stream().filter(Open::isFull).forEach(this::close);
      open.removeIf(Open::isFull);
      if (!wanted.isEmpty() && wanted.getFirst() == sequence) {
        wanted.removeFirst();
        List<ReportPage.Line> around = new ArrayList<>();
        before.forEach(line -> around.add(new ReportPage.Line(line, false)));
        around.add(new ReportPage.Line(text, true));
        open.add(new Open(sequence, around));
      }
      before.addLast(text);
      if (before.size() > LINES_AROUND) {
        before.removeFirst();
      }
    }

    /** To print what nobody will see is most of the work. */
    private boolean isFarFrom(TraceEvent event) {
      return wanted.getFirst() - event.header().sequence() > LINES_AROUND;
    }

    private void close(Open each) {
      page.lines(captureId, each.sequence, each.lines);
    }

    void finish() {
      open.forEach(this::close);
    }
  }
}
