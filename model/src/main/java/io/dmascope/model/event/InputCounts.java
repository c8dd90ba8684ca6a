package io.dmascope.model.event;

/**
 * How every line (text) or record (binary) of a capture was accounted for: {@code decoded + skipped
 * + issues = lines}.
 *
 * @param lines lines or records read
 * @param events lines that are trace events of any system, understood or not
 * @param decoded lines that became a {@link TraceEvent}
 * @param skipped lines without an event for us: headers, blanks, events of other systems, stack
 *     traces
 * @param issues lines that should have been an event and could not be read
 * @param lost events that the recording itself says it lost
 */
public record InputCounts(
    long lines, long events, long decoded, long skipped, long issues, long lost) {
  public static final InputCounts NONE = new InputCounts(0, 0, 0, 0, 0, 0);
}
