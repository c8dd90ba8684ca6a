package io.dmascope.model.event;

/**
 * {@code enum dma_data_direction}, in the kernel's numeric order (include/linux/dma-direction.h).
 */
public enum DmaDirection {
  BIDIRECTIONAL,
  TO_DEVICE,
  FROM_DEVICE,
  NONE,
  /**
   * The tracepoint of that kernel does not carry a direction, or carries a value outside the enum.
   */
  UNKNOWN;

  private static final DmaDirection[] VALUES = values();

  /**
   * Returns the direction with the kernel's number, or {@link #UNKNOWN} for a number outside the
   * enum.
   */
  public static DmaDirection ofKernelValue(long value) {
    return value >= 0 && value <= NONE.ordinal() ? VALUES[(int) value] : UNKNOWN;
  }

  /** True where the device may write the memory, so that overlapping mappings race. */
  public boolean deviceWrites() {
    return this == FROM_DEVICE || this == BIDIRECTIONAL;
  }
}
