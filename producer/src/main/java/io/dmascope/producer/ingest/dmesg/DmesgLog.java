package io.dmascope.producer.ingest.dmesg;

import io.dmascope.producer.ingest.UnusableInputException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
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
 * @param withPasid fault lines that are about an address space of user memory
 * @param dropped faults, verdicts or landmarks beyond {@link #ITEMS_MAX} of each
 */
public record DmesgLog(
    List<FaultLine> faults,
    List<KernelVerdict> verdicts,
    List<Landmark> landmarks,
    long suppressed,
    long withPasid,
    long dropped) {
  /** The kernel prints at most ten faults in five seconds: this is half a day of them. */
  static final int ITEMS_MAX = 100_000;

  private static final int LANDMARK_CHARS_MAX = 200;

  /** A line of the log is at most 1024 bytes ({@code PRINTKRB_RECORD_MAX}) and its prefix. */
  static final int LINE_BYTES_MAX = 4096;

  private static final Pattern SUPPRESSED =
      Pattern.compile("\\w*(?:dmar|iommu|smmu)\\w*: (\\d{1,18}) callbacks suppressed");

  /** A line that may also have left a mark in the trace. */
  record Landmark(long stampNs, String text) {}

  public DmesgLog {
    faults = List.copyOf(faults);
    verdicts = List.copyOf(verdicts);
    landmarks = List.copyOf(landmarks);
  }

  /**
   * Reads a whole log in one of the forms of {@code dmesg}, {@code journalctl -k} or {@code
   * /dev/kmsg}. Lines that say nothing to us are no error.
   *
   * @throws UnusableInputException where the input is no text
   */
  public static DmesgLog read(InputStream in) throws IOException {
    Builder builder = new Builder();
    LineSplitter lines = new LineSplitter(in, LINE_BYTES_MAX);
    long place = 0;
    for (String line = lines.next(); line != null; line = lines.next()) {
      place++;
      if (line.indexOf('\0') >= 0) {
        throw new UnusableInputException("kernel log: line %d is no text".formatted(place));
      }
      builder.accept(KernelLogLine.parse(place, line));
    }
    return builder.build();
  }

  private static final class Builder {
    private final List<FaultLine> faults = new ArrayList<>();
    private final List<KernelVerdict> verdicts = new ArrayList<>();
    private final List<Landmark> landmarks = new ArrayList<>();
    private final FaultParser faultParser = new FaultParser();
    private final VerdictParser verdictParser = new VerdictParser();
    private long suppressed;
    private long dropped;

    void accept(KernelLogLine line) {
      add(faults, faultParser.accept(line));
      add(verdicts, verdictParser.accept(line));
      if (line.stampNs().isPresent() && line.text().length() <= LANDMARK_CHARS_MAX) {
        add(landmarks, Optional.of(new Landmark(line.stampNs().getAsLong(), line.text())));
      }
      Matcher suppression = SUPPRESSED.matcher(line.text());
      if (suppression.matches()) {
        suppressed += Long.parseLong(suppression.group(1));
      }
    }

    DmesgLog build() {
      add(faults, faultParser.finish());
      add(verdicts, verdictParser.finish());
      return new DmesgLog(
          faults, verdicts, landmarks, suppressed, faultParser.withPasid(), dropped);
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
