/**
 * The traced kernel's events by name and label: from an event's text, or the fields of its record,
 * to a {@code TraceEvent}.
 *
 * <p>Keyed by what stands on the line or in the format file, never by a kernel version: stable
 * kernels mix the generations (include/trace/events/dma.h, iommu.h, swiotlb.h, dma_buf.h).
 */
package io.dmascope.producer.ingest.layout;
