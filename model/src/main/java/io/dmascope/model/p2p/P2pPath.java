package io.dmascope.model.p2p;

/**
 * The result of {@code calc_map_type_and_dist()}: how a client reaches a provider's memory and how
 * many PCI devices lie between them.
 *
 * @param distance hops as {@code pci_p2pdma_distance()} counts them; 0 for the same function
 */
public record P2pPath(P2pMapType mapType, int distance) {}
