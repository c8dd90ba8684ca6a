package io.dmascope.producer.ingest;

/**
 * How a capture is to be read.
 *
 * @param captureId name of the capture; empty to derive it from the source's name
 * @param completeStart the user vouches that recording began before any driver mapped anything
 */
public record ReadOptions(String captureId, boolean completeStart) {
  public static final ReadOptions DEFAULT = new ReadOptions("", false);
}
