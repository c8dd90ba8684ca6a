package io.dmascope.producer.synthetic.machine;

import io.dmascope.model.backend.Mapping;
import io.dmascope.model.event.DmaDirection;
import io.dmascope.model.event.MapApi;

/**
 * What a driver keeps of a single mapping in order to undo it.
 *
 * @param dmaAddr {@link io.dmascope.model.event.DmaAddress#ERROR} where it failed
 * @param mapping null where it failed
 * @param mappedAt sequence of the event that told of it
 */
public record Single(
    DmaDevice device,
    MapApi api,
    long physAddr,
    long sizeBytes,
    DmaDirection direction,
    long attrs,
    long dmaAddr,
    Mapping mapping,
    long mappedAt) {

  public boolean failed() {
    return mapping == null;
  }
}
