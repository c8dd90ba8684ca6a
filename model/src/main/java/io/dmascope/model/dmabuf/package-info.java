/**
 * The contract between exporters and importers of shared buffers (drivers/dma-buf/dma-buf.c), as a
 * state machine: the tracepoints show only exports and attachments, the rest is for simulations and
 * recorders of one's own.
 */
package io.dmascope.model.dmabuf;
