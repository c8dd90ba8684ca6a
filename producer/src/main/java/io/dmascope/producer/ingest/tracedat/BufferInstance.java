package io.dmascope.producer.ingest.tracedat;

import java.util.List;

/**
 * One ring buffer of the recording: the top one, or a tracefs instance.
 *
 * @param name empty for the top instance
 * @param clock of the stamps, e.g. {@code local}
 * @param compression of the pages
 */
record BufferInstance(
    String name, String clock, int pageSize, Compression compression, List<CpuData> cpus) {

  boolean isTop() {
    return name.isEmpty();
  }
}
