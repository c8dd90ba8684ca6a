package io.dmascope.producer.synthetic.machine;

import io.dmascope.model.backend.IovaTransaction;

/**
 * Memory that was linked to a range of addresses.
 *
 * @param state the pointer that names the transaction
 * @param begunAt sequence of the first event that tells of it
 */
public record LinkedRange(
    DmaDevice device, IovaTransaction transaction, long state, long sizeBytes, long begunAt) {}
