/**
 * Reads {@code trace.dat}, the binary capture of trace-cmd, versions 6 and 7.
 *
 * <p>The layers, from bytes to events: {@link io.dmascope.producer.ingest.tracedat.TraceDatFile}
 * (what the headers say), {@link io.dmascope.producer.ingest.tracedat.CpuStream} (the records of
 * one CPU's ring-buffer pages), {@link io.dmascope.producer.ingest.order.StreamMerger} (one order
 * for all CPUs), {@link io.dmascope.producer.ingest.tracedat.EventDecoders} (a record and the
 * format description in the file make an event).
 */
package io.dmascope.producer.ingest.tracedat;
