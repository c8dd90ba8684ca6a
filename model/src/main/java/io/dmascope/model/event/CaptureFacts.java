package io.dmascope.model.event;

import java.util.Objects;

/**
 * What is known of a capture besides its events. Text fields are empty where unknown, never null.
 *
 * @param captureId names the capture; stable for one file, so that a publication can be resumed
 * @param file name of the source as the user gave it, {@code -} for standard input
 * @param format name of the format that the reader recognised, e.g. {@code ftrace-text}
 * @param kernelRelease e.g. {@code 6.12.107+deb13-amd64}
 * @param clock the trace clock, e.g. {@code local}
 * @param completeStart true where the recording is known to have begun before any driver made a
 *     mapping
 */
public record CaptureFacts(
    String captureId,
    String file,
    String format,
    String kernelRelease,
    String clock,
    boolean completeStart) {

  public CaptureFacts {
    Objects.requireNonNull(captureId, "captureId");
    Objects.requireNonNull(file, "file");
    Objects.requireNonNull(format, "format");
    Objects.requireNonNull(kernelRelease, "kernelRelease");
    Objects.requireNonNull(clock, "clock");
  }
}
