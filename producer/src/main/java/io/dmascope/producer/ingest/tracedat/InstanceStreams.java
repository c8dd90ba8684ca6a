package io.dmascope.producer.ingest.tracedat;

import io.dmascope.model.event.TraceIssue;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Opens the streams of a file's buffer instances, all within one bound of memory. */
final class InstanceStreams implements AutoCloseable {
  private final TraceDatFile dat;
  private final MemorySegment bytes;
  private final Consumer<TraceIssue> issues;
  private final ReadMemory memory = new ReadMemory();
  private final Decompressor decompressor;

  InstanceStreams(TraceDatFile dat, MemorySegment bytes, Consumer<TraceIssue> issues) {
    this.dat = dat;
    this.bytes = bytes;
    this.issues = issues;
    Compression compression =
        dat.instances().stream()
            .map(BufferInstance::compression)
            .filter(used -> used != Compression.NONE)
            .findFirst()
            .orElse(Compression.NONE); // a file has one algorithm
    this.decompressor = compression.decompressor();
  }

  /** Returns a stream for each CPU of the instance, at its beginning. */
  List<CpuStream> open(int position) {
    BufferInstance instance = dat.instances().get(position);
    List<CpuStream> streams = new ArrayList<>();
    for (CpuData cpu : instance.cpus()) {
      PageSource pages =
          instance.compression() == Compression.NONE
              ? new MappedPages(bytes, cpu, instance.pageSize(), memory)
              : new CompressedPages(
                  bytes, dat.byteOrder(), cpu, instance.pageSize(), decompressor, memory);
      streams.add(
          new CpuStream(
              cpu.cpu(),
              position,
              pages,
              instance.pageSize(),
              dat.headerPage(),
              dat.byteOrder(),
              issues));
    }
    return streams;
  }

  @Override
  public void close() {
    decompressor.close();
  }
}
