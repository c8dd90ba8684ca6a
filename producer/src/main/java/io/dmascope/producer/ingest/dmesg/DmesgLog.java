package io.dmascope.producer.ingest.dmesg;

import io.dmascope.producer.ingest.UnusableInputException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a kernel log says that matters to a capture: faults, verdicts, and lines by which its clock
 * may be joined with the trace's.
 *
 * @param faults in the order of the log
 * @param verdicts in the order of the log
 * @param landmarks short lines with a stamp, whatever they say
 * @param suppressed fault lines that the kernel says it did not print
 * @param asides faults that say nothing about a mapping of the DMA API, by what they say
 * @param notUnderstood lines that look like a fault and are of no form that is known
 * @param firstNotUnderstood the first of them
 * @param dropped faults, verdicts or landmarks beyond {@link #ITEMS_MAX} of each
 */
public record DmesgLog(
    List<FaultLine> faults,
    List<KernelVerdict> verdicts,
    List<Landmark> landmarks,
    long suppressed,
    List<Aside> asides,
    long notUnderstood,
    Optional<FaultLook> firstNotUnderstood,
    long dropped) {
  /** The kernel prints at most ten faults in five seconds: this is half a day of them. */
  static final int ITEMS_MAX = 100_000;

  private static final int LANDMARK_CHARS_MAX = 200;

  /** Reasons that are told apart; the tables know some fifty. */
  private static final int ASIDES_MAX = 200;

  /** A line is at most 1024 bytes ({@code PRINTKRB_RECORD_MAX}), in a journal's JSON some more. */
  static final int LINE_BYTES_MAX = 1 << 16;

  private static final Pattern SUPPRESSED =
      Pattern.compile("\\w*(?:dmar|iommu|smmu)\\w*: (\\d{1,18}) callbacks suppressed");

  /**
   * Faults that the IOMMU refused for a reason that is no missing page, or of a process's memory.
   *
   * @param first the first of them
   */
  record Aside(FaultLine first, long count) {}

  /** A line that looks like a fault. */
  record FaultLook(long place, String text) {}

  /** A line that may also have left a mark in the trace. */
  record Landmark(long stampNs, String text) {}

  public DmesgLog {
    faults = List.copyOf(faults);
    verdicts = List.copyOf(verdicts);
    landmarks = List.copyOf(landmarks);
    asides = List.copyOf(asides);
  }

  /**
   * Reads a whole log in one of the forms of {@code dmesg}, {@code journalctl -k} or {@code
   * /dev/kmsg}. Lines that say nothing to us are no error.
   *
   * @throws UnusableInputException where the input is no text
   */
  public static DmesgLog read(InputStream in) throws IOException {
    Builder builder = new Builder();
    LineSplitter lines = new LineSplitter(Utf16.decoded(in), LINE_BYTES_MAX);
    LineJoiner joiner = new LineJoiner(builder::faults);
    long place = 0;
    for (String line = lines.next(); line != null; line = lines.next()) {
      place++;
      if (line.indexOf('\0') >= 0) {
        throw new UnusableInputException("kernel log: line %d is no text".formatted(place));
      }
      KernelLogLine read = KernelLogLine.parse(place, line);
      builder.accept(read);
      joiner.accept(read);
    }
    joiner.finish();
    return builder.build();
  }

  private static final class Builder {
    private final List<FaultLine> faults = new ArrayList<>();
    private final List<KernelVerdict> verdicts = new ArrayList<>();
    private final List<Landmark> landmarks = new ArrayList<>();
    private final FaultParser faultParser = new FaultParser();
    private final VerdictParser verdictParser = new VerdictParser();
    private final Map<String, Aside> asides = new LinkedHashMap<>();
    private long suppressed;
    private long dropped;

    /** Takes a whole message, from which a mail program's line breaks are gone. */
    void faults(KernelLogLine line) {
      faultParser.accept(line, this::fault);
    }

    private void fault(FaultLine fault) {
      if (fault.meaning() == FaultLine.Meaning.PAGE) {
        add(faults, Optional.of(fault));
        return;
      }
      String key = fault.meaning() + fault.reason();
      Aside known = asides.get(key);
      if (known != null || asides.size() < ASIDES_MAX) {
        asides.put(
            key, known == null ? new Aside(fault, 1) : new Aside(known.first(), known.count() + 1));
      } else {
        dropped++;
      }
    }

    void accept(KernelLogLine line) {
      add(verdicts, verdictParser.accept(line));
      if (line.stampNs().isPresent() && line.text().length() <= LANDMARK_CHARS_MAX) {
        add(landmarks, Optional.of(new Landmark(line.stampNs().getAsLong(), line.text())));
      }
      Matcher suppression = SUPPRESSED.matcher(line.text());
      if (suppression.find()) {
        suppressed += Long.parseLong(suppression.group(1));
      }
    }

    DmesgLog build() {
      faultParser.finish(this::fault);
      add(verdicts, verdictParser.finish());
      faults.sort(Comparator.comparingLong(FaultLine::place)); // one of several lines ends later
      return new DmesgLog(
          faults,
          verdicts,
          landmarks,
          suppressed,
          List.copyOf(asides.values()),
          faultParser.notUnderstood(),
          faultParser.firstNotUnderstood().map(line -> new FaultLook(line.place(), line.text())),
          dropped);
    }

    private <T> void add(List<T> items, Optional<T> item) {
      if (item.isEmpty()) {
        return;
      }
      if (items.size() < ITEMS_MAX) {
        items.add(item.get());
      } else {
        dropped++;
      }
    }
  }
}
