package io.dmascope.cli;

import io.dmascope.analytics.fault.FaultReport;
import io.dmascope.model.dma.DmaModel;
import io.dmascope.model.event.CaptureStart;
import io.dmascope.model.event.EventHeader;
import io.dmascope.model.event.IoPageFault;
import io.dmascope.model.event.TraceEvent;
import io.dmascope.model.finding.ModelOutput;
import java.util.List;
import java.util.OptionalLong;

/** Replays a capture and stops the model at the moments that are asked about. */
final class FaultSearch {
  private static final ModelOutput NOBODY = _ -> {};
  private static final int NAMES_SHOWN_MAX = 20;

  private final DmaModel model = new DmaModel();
  private final FaultQuestion question;
  private final FaultReport report;
  private OptionalLong momentNs = OptionalLong.empty();
  private boolean answered;
  private long events;
  private EventHeader last;

  FaultSearch(FaultQuestion question, FaultReport report) {
    this.question = question;
    this.report = report;
    this.answered = !question.byHand();
  }

  /** Applies the next event. Returns how many there were. */
  long apply(TraceEvent event) {
    if (event instanceof CaptureStart start) {
      report.facts(start.facts());
      momentNs = question.timestampNs(start.facts());
    } else {
      if (!answered
          && momentNs.isPresent()
          && Long.compareUnsigned(event.header().timestampNs(), momentNs.getAsLong()) > 0) {
        answer(momentNs.getAsLong());
      }
      last = event.header();
    }
    model.apply(event, NOBODY);
    if (event instanceof IoPageFault fault && question.asksAbout(fault)) {
      explain(fault);
    }
    return ++events;
  }

  /** Answers what the capture's end answers. */
  void finish() {
    if (!answered && last != null) {
      answer(momentNs.orElse(last.timestampNs()));
    }
  }

  private String known() {
    List<String> names = model.deviceNames();
    String some = String.join(", ", names.subList(0, Math.min(names.size(), NAMES_SHOWN_MAX)));
    return names.isEmpty() ? "none at all" : names.size() > NAMES_SHOWN_MAX ? some + " ..." : some;
  }

  /** The device's full name; one that has not appeared is a mistake in the question. */
  private String device() {
    return model.deviceNames().stream()
        .filter(question::isDevice)
        .findFirst()
        .orElseThrow(
            () ->
                new CommandException(
                    "%s has no event of a device %s until then, but of: %s"
                        .formatted(report.facts().file(), question.device(), known())));
  }

  private void answer(long atNs) {
    answered = true;
    EventHeader now =
        new EventHeader(
            model.lastSequence(), atNs, EventHeader.UNKNOWN, EventHeader.UNKNOWN, "", 0);
    explain(
        new IoPageFault(
            now,
            device(),
            "",
            question.address().getAsLong(),
            0,
            question.access() != FaultQuestion.AccessAsked.unknown,
            question.access() == FaultQuestion.AccessAsked.write,
            0));
  }

  private void explain(IoPageFault fault) {
    report.add(model.explain(fault), () -> model.surroundings(fault));
  }
}
