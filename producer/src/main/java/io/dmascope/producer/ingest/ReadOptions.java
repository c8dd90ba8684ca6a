package io.dmascope.producer.ingest;

/**
 * How a capture is to be read.
 *
 * @param captureId name of the capture; empty to derive it from the source's name
 * @param completeStart the user vouches that recording began before any driver mapped anything
 */
public record ReadOptions(String captureId, boolean completeStart) {
  public static final ReadOptions DEFAULT = new ReadOptions("", false);

  /** Returns the capture's name: the one asked for, else the last part of the source's name. */
  public String captureIdOf(String sourceName) {
    if (!captureId.isEmpty()) {
      return captureId;
    }
    String trimmed = sourceName.replaceAll("/+$", "");
    String base = trimmed.substring(trimmed.lastIndexOf('/') + 1);
    return base.isEmpty() || base.equals("-") ? "stdin" : base;
  }

  /** The same options under another name. */
  public ReadOptions withCaptureId(String otherId) {
    return new ReadOptions(otherId, completeStart);
  }
}
