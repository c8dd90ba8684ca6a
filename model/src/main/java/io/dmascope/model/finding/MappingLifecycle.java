package io.dmascope.model.finding;

import io.dmascope.model.event.DmaDirection;

/**
 * A mapping from its birth to its end.
 *
 * @param kind the mapping's family
 * @param dmaAddr address of the (first) entry
 * @param sizeBytes bytes mapped, summed over the traced entries of a scatterlist
 * @param nents entries passed in; 1 for everything but scatterlists
 * @param ents entries that came back; 1 for everything but scatterlists
 */
public record MappingLifecycle(
    String device,
    MappingKind kind,
    DmaDirection direction,
    long dmaAddr,
    long sizeBytes,
    int nents,
    int ents,
    EventRef mapped,
    EventRef unmapped) {

  /** Nanoseconds between the two events; unmaps logged late make it a little long. */
  public long lifetimeNs() {
    return unmapped.timestampNs() - mapped.timestampNs();
  }
}
