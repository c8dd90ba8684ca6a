/**
 * A made-up machine: devices behind mapping backends, memory, CPUs and event time. Drivers call its
 * DMA API, and it emits the events that the tracepoints of a kernel would ({@code
 * kernel/dma/mapping.c}), in their order.
 */
package io.dmascope.producer.synthetic.machine;
