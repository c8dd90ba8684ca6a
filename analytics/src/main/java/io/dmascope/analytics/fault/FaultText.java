package io.dmascope.analytics.fault;

import io.dmascope.analytics.report.Numbers;
import io.dmascope.analytics.report.Paint;
import io.dmascope.analytics.report.Places;
import io.dmascope.analytics.report.Plain;
import io.dmascope.model.event.CaptureFacts;
import io.dmascope.model.event.IoPageFault;
import io.dmascope.model.fault.Durations;
import io.dmascope.model.fault.FaultExplanation;
import io.dmascope.model.fault.FaultKind;
import io.dmascope.model.fault.FaultPiece;
import io.dmascope.model.finding.EventRef;
import io.dmascope.model.finding.Severity;
import io.dmascope.model.mapping.Addresses;
import java.io.IOException;
import java.util.Locale;
import java.util.Optional;

/**
 * Explained faults as text of at most 80 columns:
 *
 * <pre>
 * 0000:00:0c.0 wrote to 0x0000000000ffd000: access after the unmap
 *   --> at 37.047282 s, line 926 of the kernel log
 *   unmapped 102.120 ms before
 *     mapping   0x0000000000ffd000, 4096 bytes, FROM_DEVICE, single
 *     mapped    at 36.836011 s, bash-174 on CPU 0, line 1612
 *     unmapped  at 36.945162 s, bash-174 on CPU 0, line 1616
 *   around it, with ages at that moment
 *         0xffc000  ####      4096  live 3.210 s      TO_DEVICE     bash-174
 *     --> 0xffd000  ----      4096  ended 102.120 ms  FROM_DEVICE   bash-174
 * </pre>
 */
public final class FaultText {
  static final int COLUMNS = 80;

  private final Appendable out;
  private final Paint paint;

  public FaultText(Appendable out, Paint paint) {
    this.out = out;
    this.paint = paint;
  }

  /** Prints all that is in the report. */
  public void print(FaultReport report) throws IOException {
    for (FaultGroup group : report.groups()) {
      print(report.facts(), group);
    }
  }

  private void print(CaptureFacts facts, FaultGroup group) throws IOException {
    FaultExplanation e = group.first();
    IoPageFault fault = e.fault();
    line(
        paint.headline(device(fault, e)),
        " ",
        Access.of(fault).verb(),
        " ",
        paint.headline(Addresses.hex(fault.iova())),
        ": ",
        e.kind() == FaultKind.ALLOWED
            ? paint.good(e.kind().title())
            : paint.severity(Severity.ERROR, e.kind().title()));
    line("  ", paint.arrow("-->"), " ", moment(facts, e.at()));
    cause(facts, e);
    if (!e.doubt().isEmpty()) {
      wrapped("  " + paint.note("suspect") + ": ", Plain.of(e.doubt()));
    }
    piece("but also one page past the end of this", facts, e.below());
    piece("before that there was", facts, e.former());
    piece("mapped for another device there", facts, group.surroundings().elsewhere());
    if (!group.surroundings().nearby().isEmpty()) {
      line("  ", paint.note("around it"), ", with ages at that moment");
      new FaultPicture(out, paint).print(e, group.surroundings().nearby());
    }
    if (!e.unknown().isEmpty()) {
      line("  ", paint.note("not known"));
      for (String unknown : e.unknown()) {
        wrapped("    ", Plain.of(unknown));
      }
    }
    repetitions(facts, group);
    line();
  }

  /** The fault's device; where it names none, the one whose mapping explains it. */
  private static String device(IoPageFault fault, FaultExplanation e) {
    return fault.device().isEmpty()
        ? e.cause().map(cause -> Plain.of(cause.device())).orElse("a device that is not named")
        : Plain.of(fault.device());
  }

  private void cause(CaptureFacts facts, FaultExplanation e) throws IOException {
    if (e.cause().isEmpty()) {
      wrapped(
          "  ",
          e.kind() == FaultKind.NO_DEVICE
              ? "several devices have or had the page mapped, and nothing tells whose fault it is"
              : "as far as the recording shows, nothing was ever mapped there");
      return;
    }
    FaultPiece cause = e.cause().get();
    wrapped("  ", sentence(e, cause));
    facts(facts, cause);
  }

  private static String sentence(FaultExplanation e, FaultPiece cause) {
    String age = Durations.toText(e.ageNs());
    return switch (e.kind()) {
      case AGAINST_DIRECTION ->
          cause.live()
              ? "mapped " + cause.direction() + " " + age + " before and still live"
              : "it was mapped " + cause.direction() + ", and unmapped " + age + " before";
      case AFTER_UNMAP -> "unmapped " + age + " before";
      case PAST_END ->
          "%s past the end of a mapping that was made %s before and is live"
              .formatted(Numbers.count(e.fault().iova() - cause.lastAddr(), "byte"), age);
      case ALLOWED ->
          "mapped %s before, live, and %s: the recording does not explain a fault"
              .formatted(age, cause.direction());
      case NEVER_MAPPED, NO_DEVICE -> "";
    };
  }

  /** The facts of a mapping, one a line. */
  private void facts(CaptureFacts facts, FaultPiece piece) throws IOException {
    String list =
        piece.entries() > 1 ? ", an entry of a list of %d".formatted(piece.entries()) : "";
    labelled(
        "mapping",
        "%s, %s bytes, %s, %s%s"
            .formatted(
                Addresses.hex(piece.addr()),
                Long.toUnsignedString(piece.sizeBytes()),
                piece.direction(),
                piece.kind().debugName(),
                list));
    labelled("mapped", moment(facts, piece.mapped()));
    if (piece.ended().isPresent()) {
      labelled("unmapped", moment(facts, piece.ended().get()));
    }
  }

  private void piece(String what, CaptureFacts facts, Optional<FaultPiece> piece)
      throws IOException {
    if (piece.isPresent()) {
      String device = Plain.of(piece.get().device());
      line("  ", paint.note(what), what.endsWith("there") ? ": " + device : "");
      facts(facts, piece.get());
    }
  }

  private void repetitions(CaptureFacts facts, FaultGroup group) throws IOException {
    if (group.count() == 1) {
      return;
    }
    line("  ", paint.note(Numbers.count(group.count()) + " faults like this"));
    labelled("last", moment(facts, group.last()));
    if (group.lowestIova() != group.highestIova()) {
      labelled(
          "from", Addresses.hex(group.lowestIova()) + " to " + Addresses.hex(group.highestIova()));
    }
  }

  /** {@code at 36.836011 s, bash-174 on CPU 0, line 1612}. */
  private static String moment(CaptureFacts facts, EventRef at) {
    StringBuilder moment = new StringBuilder("at ").append(Numbers.stamp(facts, at.timestampNs()));
    boolean inLog = Places.isInKernelLog(at);
    if (!inLog && !at.comm().isEmpty()) {
      moment.append(", ").append(Plain.of(at.comm()));
      if (at.pid() >= 0) {
        moment.append('-').append(at.pid());
      }
    }
    if (at.cpu() >= 0) {
      moment.append(" on CPU ").append(at.cpu());
    }
    if (inLog) {
      moment.append(", line ").append(at.place()).append(" of the kernel log");
    } else if (Places.isInProbes(at)) {
      moment.append(", line ").append(Places.number(at)).append(" of the probe recording");
    } else if (at.place() > 0) {
      moment
          .append(Places.isLine(facts) ? ", line " : ", offset ")
          .append(Places.inFile(facts, at.place()));
    }
    return moment.toString();
  }

  private void labelled(String label, String text) throws IOException {
    wrapped("    " + paint.faint(String.format(Locale.ROOT, "%-9s", label)) + " ", text);
  }

  /** Prints words after a beginning, the words of further lines under the first. */
  private void wrapped(String beginning, String text) throws IOException {
    int indent = Paint.width(beginning);
    StringBuilder line = new StringBuilder(beginning);
    int column = indent;
    for (String word : text.split(" ", -1)) {
      if (column + word.length() > COLUMNS && column > indent) {
        line(line.toString().stripTrailing());
        line = new StringBuilder(" ".repeat(indent));
        column = indent;
      }
      line.append(word).append(' ');
      column += word.length() + 1;
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
