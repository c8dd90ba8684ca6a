package io.dmascope.model.event;

/**
 * Trouble in the trace, which is never trouble in the kernel: a malformed line, a damaged record.
 *
 * @param place 1-based line, or byte offset, as in {@link EventHeader#place()}
 * @param message what was expected and what came, without the place
 * @param excerpt the offending input, at most {@link #EXCERPT_CHARS_MAX} characters; may be empty
 */
public record TraceIssue(Kind kind, long place, String message, String excerpt) {
  public static final int EXCERPT_CHARS_MAX = 200;

  /** What sort of trouble. */
  public enum Kind {
    /** A line of a known event lacks a label or carries a value that is no number. */
    MALFORMED_EVENT,
    /** A line that is neither event nor header nor anything else a trace contains. */
    UNRECOGNISED_LINE,
    /** The kernel itself gave up on the line: {@code [LINE TOO BIG]}. */
    LINE_TOO_BIG,
    /** The line exceeded our own limit and was cut. */
    LINE_TOO_LONG,
    /** The input ended in the middle of a line, record or compressed stream. */
    TRUNCATED_INPUT,
    /** A structure of a binary file contradicts itself. */
    DAMAGED_RECORD,
    /** A file beside the capture, its kernel log or manifest, could not be used as a whole. */
    COMPANION
  }
}
