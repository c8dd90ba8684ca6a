package io.dmascope.model.rig;

import java.util.Objects;

/**
 * One line of {@code /proc/iomem}.
 *
 * @param startAddr physical, unsigned
 * @param lastAddr inclusive, unsigned
 * @param name the kernel's, e.g. {@code System RAM}, {@code Kernel code}, {@code Reserved}
 * @param depth how many ranges enclose this one
 */
public record MemoryRange(long startAddr, long lastAddr, String name, int depth) {
  /** Ordinary memory, hot-plugged or not; what DMA buffers are made of. */
  public static final String SYSTEM_RAM = "System RAM";

  public MemoryRange {
    Objects.requireNonNull(name, "name");
  }
}
