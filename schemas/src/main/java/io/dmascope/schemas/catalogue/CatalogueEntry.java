package io.dmascope.schemas.catalogue;

import io.dmascope.model.event.CaptureFacts;
import io.dmascope.schemas.codec.CaptureRecord;
import java.util.Optional;

/**
 * One capture of the catalogue.
 *
 * @param facts what is known besides its events
 * @param rig the name that its publisher gave the machine; empty where none
 * @param publishedMs milliseconds since 1970 at which its publication began, or was resumed last
 * @param ended what came of it; nothing while it is not replayed to its end
 */
public record CatalogueEntry(
    CaptureFacts facts, String rig, long publishedMs, Optional<CaptureRecord.Ended> ended) {
  public String captureId() {
    return facts.captureId();
  }
}
