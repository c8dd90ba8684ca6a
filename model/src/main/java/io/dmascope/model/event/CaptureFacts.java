package io.dmascope.model.event;

import io.dmascope.model.rig.RigManifest;
import java.util.Objects;
import java.util.Set;

/**
 * What is known of a capture besides its events. Text fields are empty where unknown, never null.
 *
 * @param captureId names the capture; stable for one file, so that a publication can be resumed
 * @param file name of the source as the user gave it, {@code -} for standard input
 * @param format name of the format that the reader recognised, e.g. {@code ftrace-text}
 * @param kernelRelease e.g. {@code 6.12.107+deb13-amd64}
 * @param clock the trace clock, e.g. {@code local}; {@link #UNTIMED} where the capture shows that
 *     its stamps count something else than time, but not what
 * @param completeStart true where the recording is known to have begun before any driver made a
 *     mapping
 * @param rig what is known of the machine; {@link RigManifest#UNKNOWN} where nothing is
 */
public record CaptureFacts(
    String captureId,
    String file,
    String format,
    String kernelRelease,
    String clock,
    boolean completeStart,
    RigManifest rig) {
  /** One of the clocks that count no time. */
  public static final String UNTIMED = "untimed";

  /** Clocks of kernel/trace/trace.c trace_clocks[] whose in_ns is 0. */
  private static final Set<String> CLOCKS_WITHOUT_TIME =
      Set.of("counter", "uptime", "x86-tsc", UNTIMED);

  /**
   * Clocks of trace_clocks[] that all CPUs share or are kept in step by: {@code global} and {@code
   * counter} hand out stamps in order, timekeeping takes a clock source out of use whose CPUs
   * disagree. {@code local}, the default, and {@code perf} promise nothing between CPUs.
   */
  private static final Set<String> CLOCKS_OF_ALL_CPUS =
      Set.of("global", "counter", "mono", "mono_raw", "boot", "tai");

  public CaptureFacts {
    Objects.requireNonNull(captureId, "captureId");
    Objects.requireNonNull(file, "file");
    Objects.requireNonNull(format, "format");
    Objects.requireNonNull(kernelRelease, "kernelRelease");
    Objects.requireNonNull(clock, "clock");
    Objects.requireNonNull(rig, "rig");
  }

  /** Facts of a capture whose machine is unknown. */
  public CaptureFacts(
      String captureId,
      String file,
      String format,
      String kernelRelease,
      String clock,
      boolean completeStart) {
    this(captureId, file, format, kernelRelease, clock, completeStart, RigManifest.UNKNOWN);
  }

  /** True where stamps are nanoseconds, as far as anybody knows. */
  public boolean clockCountsTime() {
    return countsTime(clock);
  }

  /** True where stamps of different CPUs may be off by some time, as far as anybody knows. */
  public boolean clocksMayDiffer() {
    return clockCountsTime() && !CLOCKS_OF_ALL_CPUS.contains(clock);
  }

  private static boolean countsTime(String clock) {
    return !CLOCKS_WITHOUT_TIME.contains(clock);
  }

  /** The same capture, with the source under the name that its user knows. */
  public CaptureFacts withFile(String name) {
    return new CaptureFacts(captureId, name, format, kernelRelease, clock, completeStart, rig);
  }

  /** The same capture on that machine, which also fills in what the capture itself left open. */
  public CaptureFacts withRig(RigManifest manifest) {
    return new CaptureFacts(
        captureId,
        file,
        format,
        kernelRelease.isEmpty() ? manifest.kernelRelease() : kernelRelease,
        clockOf(manifest),
        completeStart,
        manifest);
  }

  private String clockOf(RigManifest manifest) {
    String told = manifest.tracing().clock();
    boolean named = clock.equals(UNTIMED) && !countsTime(told);
    return clock.isEmpty() || named ? told : clock;
  }
}
