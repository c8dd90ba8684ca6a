package io.dmascope.analytics.fault;

import io.dmascope.analytics.report.Paint;
import io.dmascope.analytics.report.Plain;
import io.dmascope.model.fault.Durations;
import io.dmascope.model.fault.FaultExplanation;
import io.dmascope.model.fault.FaultPiece;
import io.dmascope.model.finding.Severity;
import java.io.IOException;
import java.util.List;
import java.util.Locale;

/**
 * A ladder of the ranges around an address: {@code ####} is mapped, {@code ----} was, and between
 * them is what nobody mapped as far as anybody knows.
 */
final class FaultPicture {
  private static final String LIVE = "####";
  private static final String ENDED = "----";
  private static final String NOTHING = "    ";
  private static final String ARROW = "-->";
  private static final int TASK_CHARS_MIN = 6;
  private static final long EXACT_BYTES_MAX = 99_999;
  private static final String[] UNITS = {"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};

  private final Appendable out;
  private final Paint paint;

  FaultPicture(Appendable out, Paint paint) {
    this.out = out;
    this.paint = paint;
  }

  void print(FaultExplanation e, List<FaultPiece> pieces) throws IOException {
    long iova = e.fault().iova();
    boolean pointed = false;
    int width = Math.max(hex(iova).length(), hex(pieces.getLast().addr()).length());
    for (int i = 0; i < pieces.size(); i++) {
      FaultPiece piece = pieces.get(i);
      boolean here = piece.touchesPageOf(iova);
      boolean above = !here && Long.compareUnsigned(piece.addr(), iova) > 0;
      if (above && !pointed) {
        nothingHere(iova, width);
      }
      pointed |= here || above;
      row(e, piece, here, width);
      if (i + 1 < pieces.size()) {
        gap(piece, pieces.get(i + 1), iova, width);
      }
    }
    if (!pointed) {
      nothingHere(iova, width);
    }
  }

  private void row(FaultExplanation e, FaultPiece piece, boolean here, int width)
      throws IOException {
    long ageNs = e.at().timestampNs() - piece.latest().timestampNs();
    String state = (piece.live() ? "live " : "ended ") + Durations.toText(ageNs);
    String row =
        String.format(
            Locale.ROOT,
            " %-" + width + "s  %s  %9s  %-17s  %-13s",
            hex(piece.addr()),
            piece.live() ? paint.good(LIVE) : paint.faint(ENDED),
            Long.toUnsignedString(piece.sizeBytes()),
            state,
            piece.direction());
    boolean other = !piece.device().equals(e.fault().device());
    String task = Plain.of((other ? piece.device() + " " : "") + piece.latest().comm());
    int room = FaultText.COLUMNS - 4 - ARROW.length() - Paint.width(row) - 1;
    int shown = Math.min(task.length(), Math.max(room, TASK_CHARS_MIN));
    line(pointer(here), row, " ", task.substring(0, shown));
  }

  private void gap(FaultPiece low, FaultPiece high, long iova, int width) throws IOException {
    long bytes = high.addr() - low.lastAddr() - 1;
    boolean iovaBetween =
        Long.compareUnsigned(low.lastAddr(), iova) < 0
            && Long.compareUnsigned(iova, high.addr()) < 0
            && !low.touchesPageOf(iova)
            && !high.touchesPageOf(iova);
    if (Long.compareUnsigned(high.addr(), low.lastAddr()) > 0 && bytes != 0 && !iovaBetween) {
      line(
          pointer(false),
          paint.faint(
              String.format(
                  Locale.ROOT, " %-" + width + "s  %s  %9s  nothing", "", NOTHING, bytes(bytes))));
    }
  }

  private void nothingHere(long iova, int width) throws IOException {
    line(
        pointer(true),
        String.format(Locale.ROOT, " %-" + width + "s  %s  nothing", hex(iova), NOTHING));
  }

  private String pointer(boolean here) {
    return "    " + (here ? paint.severity(Severity.ERROR, ARROW) : " ".repeat(ARROW.length()));
  }

  /** Exactly what is a few pages, roughly what is more: {@code 4096}, {@code ~784 KiB}. */
  private static String bytes(long bytes) {
    if (Long.compareUnsigned(bytes, EXACT_BYTES_MAX) <= 0) {
      return Long.toString(bytes);
    }
    int unit = 0;
    long rest = bytes;
    while (Long.compareUnsigned(rest, 10_240) >= 0) {
      rest >>>= 10;
      unit++;
    }
    return "~" + rest + " " + UNITS[unit];
  }

  private static String hex(long addr) {
    return "0x" + Long.toHexString(addr);
  }

  private void line(String... parts) throws IOException {
    StringBuilder line = new StringBuilder();
    for (String part : parts) {
      line.append(part);
    }
    out.append(line.toString().stripTrailing()).append('\n');
  }
}
