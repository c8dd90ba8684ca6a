package io.dmascope.model.backend;

import java.util.EnumMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** What a backend did for one device, in counts and bytes; grows, never shrinks. */
public final class BackendCounters {
  private long mappings;
  private long allocations;
  private long allocatedBytes;
  private long inputEntries;
  private long outputEntries;
  private long mappedBytes;
  private long paddingBytes;
  private long iovaBytes;
  private long pageTableRuns;
  private long rangeInvalidations;
  private long fullFlushes;
  private long bounces;
  private long bounceSlots;
  private long bounceBytesIn;
  private long bounceBytesOut;
  private final Map<Errno, Long> failures = new EnumMap<>(Errno.class);
  private final SortedMap<Long, Long> entriesSet = new TreeMap<>();
  private final SortedMap<Long, Long> entriesCleared = new TreeMap<>();

  void mapped(int nents, Mapping mapping) {
    mappings++;
    inputEntries += nents;
    outputEntries += mapping.ents();
    mappedBytes += mapping.lengths().sum();
    paddingBytes += mapping.paddingBytes();
    iovaBytes += mapping.iovaSizeBytes();
    pageTableRuns += mapping.pageTableRuns().size();
  }

  void allocated(Mapping mapping) {
    allocations++;
    allocatedBytes += mapping.lengths().sum();
    iovaBytes += mapping.iovaSizeBytes();
    pageTableRuns += mapping.pageTableRuns().size();
  }

  void failed(Errno errno) {
    failures.merge(errno, 1L, Long::sum);
  }

  void setEntries(PageSizeSplit.Step step) {
    entriesSet.merge(step.pageSizeBytes(), step.count(), Long::sum);
  }

  void clearedEntries(PageSizeSplit.Step step) {
    entriesCleared.merge(step.pageSizeBytes(), step.count(), Long::sum);
  }

  void invalidatedRange() {
    rangeInvalidations++;
  }

  void flushedAll(long times) {
    fullFlushes += times;
  }

  void bouncedIn(long slots, long bytes) {
    bounces++;
    bounceSlots += slots;
    bounceBytesIn += bytes;
  }

  void bouncedOut(long bytes) {
    bounceBytesOut += bytes;
  }

  /** Calls that succeeded. */
  public long mappings() {
    return mappings;
  }

  /** Coherent allocations; they are no mappings, but take addresses and page tables as well. */
  public long allocations() {
    return allocations;
  }

  public long allocatedBytes() {
    return allocatedBytes;
  }

  /** Calls that failed, by error. */
  public Map<Errno, Long> failures() {
    return Map.copyOf(failures);
  }

  public long failureCount() {
    return failures.values().stream().mapToLong(Long::longValue).sum();
  }

  /** Entries that callers passed; 1 for a single mapping. */
  public long inputEntries() {
    return inputEntries;
  }

  /** Entries that came back. */
  public long outputEntries() {
    return outputEntries;
  }

  public long mappedBytes() {
    return mappedBytes;
  }

  /** Bytes that a device could reach although nobody mapped them for it. */
  public long paddingBytes() {
    return paddingBytes;
  }

  /** Bytes of I/O virtual space asked for. */
  public long iovaBytes() {
    return iovaBytes;
  }

  /** Calls of {@code iommu_map}. */
  public long pageTableRuns() {
    return pageTableRuns;
  }

  /** Page-table entries written at map time, by page size in bytes. */
  public SortedMap<Long, Long> entriesSet() {
    return new TreeMap<>(entriesSet);
  }

  /** Page-table entries cleared at unmap time, by page size in bytes. */
  public SortedMap<Long, Long> entriesCleared() {
    return new TreeMap<>(entriesCleared);
  }

  /** IOTLB invalidations of one range, one an unmap in strict mode. */
  public long rangeInvalidations() {
    return rangeInvalidations;
  }

  /** IOTLB flushes of the whole domain that this device's unmaps set off in lazy mode. */
  public long fullFlushes() {
    return fullFlushes;
  }

  /** Buffers that went through swiotlb. */
  public long bounces() {
    return bounces;
  }

  /** Slots of 2 KiB taken, summed over all bounces. */
  public long bounceSlots() {
    return bounceSlots;
  }

  /** Bytes copied into slots at map time. */
  public long bounceBytesIn() {
    return bounceBytesIn;
  }

  /** Bytes copied back at unmap time. */
  public long bounceBytesOut() {
    return bounceBytesOut;
  }

  /** Adds another device's counts, for a sum over devices. */
  public void add(BackendCounters other) {
    mappings += other.mappings;
    allocations += other.allocations;
    allocatedBytes += other.allocatedBytes;
    inputEntries += other.inputEntries;
    outputEntries += other.outputEntries;
    mappedBytes += other.mappedBytes;
    paddingBytes += other.paddingBytes;
    iovaBytes += other.iovaBytes;
    pageTableRuns += other.pageTableRuns;
    rangeInvalidations += other.rangeInvalidations;
    fullFlushes += other.fullFlushes;
    bounces += other.bounces;
    bounceSlots += other.bounceSlots;
    bounceBytesIn += other.bounceBytesIn;
    bounceBytesOut += other.bounceBytesOut;
    other.failures.forEach((errno, count) -> failures.merge(errno, count, Long::sum));
    other.entriesSet.forEach((size, count) -> entriesSet.merge(size, count, Long::sum));
    other.entriesCleared.forEach((size, count) -> entriesCleared.merge(size, count, Long::sum));
  }
}
