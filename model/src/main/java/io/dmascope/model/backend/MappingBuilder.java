package io.dmascope.model.backend;

import io.dmascope.model.event.U64List;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;

/** Collects the output entries of a call that maps one entry at a time. */
final class MappingBuilder {
  private final long[] dmaAddrs;
  private final long[] lengths;
  private final BitSet bus = new BitSet();
  private final List<PageTableRun> runs = new ArrayList<>();
  private final List<Mapping.Bounce> bounces = new ArrayList<>();
  private int ents;
  private long iova;
  private long iovaSize;
  private long padding;

  MappingBuilder(int entsMax) {
    dmaAddrs = new long[entsMax];
    lengths = new long[entsMax];
  }

  void add(long dmaAddr, long lengthBytes) {
    dmaAddrs[ents] = dmaAddr;
    lengths[ents++] = lengthBytes;
  }

  void addBusAddress(long busAddr, long lengthBytes) {
    bus.set(ents);
    add(busAddr, lengthBytes);
  }

  void addRun(PageTableRun run, long paddingBytes) {
    iova = runs.isEmpty() ? run.iova() : iova;
    iovaSize += run.sizeBytes();
    padding += paddingBytes;
    runs.add(run);
  }

  void addBounce(Mapping.Bounce bounce) {
    bounces.add(bounce);
  }

  Mapping build() {
    return new Mapping(
        U64List.wrap(Arrays.copyOf(dmaAddrs, ents)),
        U64List.wrap(Arrays.copyOf(lengths, ents)),
        bus,
        iova,
        iovaSize,
        runs,
        padding,
        bounces);
  }
}
