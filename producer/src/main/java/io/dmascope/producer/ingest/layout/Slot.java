package io.dmascope.producer.ingest.layout;

/** What a field of an event <em>is</em>, whatever its label says, and how its value is written. */
public enum Slot {
  DEVICE(Form.TEXT),
  DRIVER(Form.TEXT),
  DIRECTION(Form.DIRECTION),
  DMA_ADDR(Form.HEX),
  PHYS_ADDR(Form.HEX),
  SIZE(Form.DECIMAL),
  ATTRS(Form.ATTRS),
  /** A kernel pointer: hashed, raw, or {@code (null)}. */
  CPU_ADDR(Form.POINTER),
  /** What the first v6.12 layout printed in place of the pointer. */
  CPU_PHYS_ADDR(Form.HEX),
  /** Allocation flags by name; a number where a tool had no names. */
  GFP_FLAGS(Form.TEXT),
  PHYS_ADDRS(Form.LIST_OF_64),
  DMA_ADDRS(Form.LIST_OF_64),
  LENGTHS(Form.LIST_OF_32),
  /** {@code traced/full}, or the full count alone. */
  NENTS(Form.COUNTS),
  ENTS(Form.COUNTS),
  ERROR(Form.INT),
  /** {@code 0xfirst - 0xend}, or the first alone. */
  IOVA(Form.RANGE),
  UNMAPPED_SIZE(Form.DECIMAL),
  GROUP(Form.INT),
  FAULT_FLAGS(Form.INT),
  DMA_MASK(Form.HEX),
  DEVICE_ADDR(Form.HEX),
  FORCED(Form.FLAG),
  /** The bare words that print whether bouncing was forced. */
  FORCE_WORD(Form.WORD),
  NORMAL_WORD(Form.WORD),
  EXPORTER(Form.TEXT),
  INODE(Form.DECIMAL),
  FD(Form.INT),
  ATTACHMENT(Form.POINTER),
  DYNAMIC(Form.FLAG),
  /** {@code [TRUNCATED]}, which the counts tell too. */
  TRUNCATED_WORD(Form.WORD),
  TRUNCATED(Form.FLAG),
  /** What user space wrote to trace_marker. */
  MARKER_TEXT(Form.TEXT);

  /** How the value is written after its label. */
  public enum Form {
    TEXT,
    HEX,
    DECIMAL,
    INT,
    /** {@code 0} or {@code 1}, also in parentheses. */
    FLAG,
    /** No value: the label is all there is. */
    WORD,
    POINTER,
    DIRECTION,
    ATTRS,
    COUNTS,
    RANGE,
    LIST_OF_64,
    LIST_OF_32
  }

  private final Form form;

  Slot(Form form) {
    this.form = form;
  }

  public Form form() {
    return form;
  }

  /** This slot in a set of slots. */
  public long bit() {
    return 1L << ordinal();
  }
}
