package io.dmascope.producer.ingest.tracedat;

/**
 * The ring-buffer pages of one CPU of one instance.
 *
 * @param offset where in the file they begin
 * @param size how many bytes of the file they take, as the file claims
 */
record CpuData(int cpu, long offset, long size) {}
