package io.dmascope.model.rig;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * How the capture was recorded: what was asked for, and what the ring buffers say became of it.
 *
 * @param recorder e.g. {@code trace-cmd}, {@code text}, {@code raw}, {@code stream}
 * @param clock {@code trace_clock}
 * @param bufferSizeKb of each CPU's ring
 * @param availableEvents that this kernel offers, of the systems we read; {@code system:event}
 * @param enabledEvents that were on; an event in neither list was not recorded
 * @param deviceFilter devices that recording was limited to; empty for all
 * @param buffers statistics at the end of the recording, by CPU
 */
public record RecordingSetup(
    String recorder,
    String clock,
    OptionalLong bufferSizeKb,
    Optional<List<String>> availableEvents,
    Optional<List<String>> enabledEvents,
    List<String> deviceFilter,
    List<CpuBuffer> buffers) {
  /**
   * Stands among the enabled events for the kernel log's fault lines, where a log was read beside
   * the events: faults that did not happen are then no reason to record anything more.
   */
  public static final String KERNEL_LOG_FAULTS = "kernel-log:faults";

  public static final RecordingSetup UNKNOWN =
      new RecordingSetup(
          "", "", OptionalLong.empty(), Optional.empty(), Optional.empty(), List.of(), List.of());

  public RecordingSetup {
    Objects.requireNonNull(recorder, "recorder");
    Objects.requireNonNull(clock, "clock");
    Objects.requireNonNull(bufferSizeKb, "bufferSizeKb");
    availableEvents = availableEvents.map(List::copyOf);
    enabledEvents = enabledEvents.map(List::copyOf);
    deviceFilter = List.copyOf(deviceFilter);
    buffers = List.copyOf(buffers);
  }

  /** The same with the kernel log's faults among what was recorded. */
  public RecordingSetup withKernelLog() {
    List<String> enabled = new ArrayList<>(enabledEvents.orElse(List.of()));
    enabled.add(KERNEL_LOG_FAULTS);
    return new RecordingSetup(
        recorder,
        clock,
        bufferSizeKb,
        availableEvents,
        Optional.of(enabled),
        deviceFilter,
        buffers);
  }

  /**
   * One {@code per_cpu/cpuN/stats}. Counts are events.
   *
   * @param overrun overwritten before they were read
   * @param commitOverrun lost because nested writers filled the ring
   * @param droppedEvents refused because the ring was full and not to be overwritten
   */
  public record CpuBuffer(
      int cpu,
      OptionalLong entries,
      OptionalLong overrun,
      OptionalLong commitOverrun,
      OptionalLong droppedEvents,
      OptionalLong readEvents) {

    public CpuBuffer {
      Objects.requireNonNull(entries, "entries");
      Objects.requireNonNull(overrun, "overrun");
      Objects.requireNonNull(commitOverrun, "commitOverrun");
      Objects.requireNonNull(droppedEvents, "droppedEvents");
      Objects.requireNonNull(readEvents, "readEvents");
    }

    /** Events of this CPU that the recording lacks, as far as the statistics tell. */
    public long lost() {
      return overrun.orElse(0) + commitOverrun.orElse(0) + droppedEvents.orElse(0);
    }
  }
}
