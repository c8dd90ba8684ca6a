package io.dmascope.model.backend;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/**
 * The I/O virtual addresses of one domain: the allocator behind its per-CPU caches
 * (drivers/iommu/iova.c alloc_iova_fast(), free_iova_fast()).
 *
 * <p>Sizes below 32 granules are rounded up to a power of two. Freed blocks of up to 32 granules
 * stay in the cache of the CPU that freed them and come back last in, first out.
 */
public final class IovaSpace {
  /** {@code IOVA_RANGE_CACHE_MAX_SIZE}: size classes of 1, 2, 4 ... 32 granules are cached. */
  static final int CACHED_ORDERS = 6;

  private final int shift;
  private final IovaAllocator tree;
  private final List<IovaCache> caches = new ArrayList<>();

  /** A space with {@code cpus} caches; 0 leaves the tree alone, as the golden vectors do. */
  public IovaSpace(IommuParameters parameters, int cpus) {
    this.shift = parameters.granuleShift();
    this.tree = new IovaAllocator(parameters.granule(), parameters.firstAddr() >>> shift);
    for (IommuParameters.AddressRange range : parameters.reserved()) {
      tree.reserve(range.first() >>> shift, range.last() >>> shift);
    }
    for (int order = 0; cpus > 0 && order < CACHED_ORDERS; order++) {
      caches.add(new IovaCache(cpus, tree::free));
    }
  }

  /**
   * Takes a block.
   *
   * @param sizeBytes a multiple of the granule, not 0
   * @param limitAddr the last byte's highest address
   * @param flushCaches whether a failure empties the caches and tries again
   */
  public OptionalLong allocate(long sizeBytes, long limitAddr, boolean flushCaches, Moment moment) {
    OptionalLong cached = allocateCached(sizeBytes, limitAddr, moment);
    return cached.isPresent() ? cached : allocateFresh(sizeBytes, limitAddr, flushCaches);
  }

  /** Takes a block from the CPU's cache alone; empty where that has none within the limit. */
  public OptionalLong allocateCached(long sizeBytes, long limitAddr, Moment moment) {
    long pfns = pfns(sizeBytes);
    int order = order(pfns);
    if (order >= caches.size()) {
      return OptionalLong.empty();
    }
    caches.get(order).trim(moment.timestampNs());
    long cached = caches.get(order).get((limitAddr >>> shift) + 1 - pfns, moment);
    return cached == IovaMagazine.NONE ? OptionalLong.empty() : OptionalLong.of(cached << shift);
  }

  /** Takes a block that no cache holds. */
  public OptionalLong allocateFresh(long sizeBytes, long limitAddr, boolean flushCaches) {
    long pfns = pfns(sizeBytes);
    long limitPfn = limitAddr >>> shift;
    OptionalLong pfn = tree.allocate(pfns, limitPfn);
    if (pfn.isEmpty() && flushCaches) {
      caches.forEach(IovaCache::drain);
      pfn = tree.allocate(pfns, limitPfn);
    }
    return pfn.isEmpty() ? pfn : OptionalLong.of(pfn.getAsLong() << shift);
  }

  /** Undoes the {@link #allocateCached} that has just returned the address. */
  public void putBackCached(long iova, long sizeBytes, Moment moment) {
    caches.get(order(pfns(sizeBytes))).putBack(iova >>> shift, moment);
  }

  /** Undoes the {@link #allocateFresh} that has just returned the address. */
  public void putBackFresh(long iova) {
    tree.free(iova >>> shift);
  }

  /** Takes a block that a kernel is known to have handed out, cached or not. */
  public void claim(long iova, long sizeBytes, Moment moment) {
    long pfns = pfns(sizeBytes);
    int order = order(pfns);
    if (order >= caches.size() || !caches.get(order).remove(iova >>> shift, moment)) {
      tree.claim(iova >>> shift, pfns);
    }
  }

  /** Sets addresses aside from now on; both ends belong to the range. */
  public void reserve(long firstAddr, long lastAddr) {
    tree.reserve(firstAddr >>> shift, lastAddr >>> shift);
  }

  /** Forgets what the caches hold: what became of it was not seen. */
  public void forgetCached() {
    caches.forEach(IovaCache::forget);
  }

  /** Forgets what that CPU's cache holds for blocks of that size: others are on top of it. */
  public void forgetCached(long sizeBytes, Moment moment) {
    caches.get(order(pfns(sizeBytes))).forgetOwn(moment);
  }

  /** Gives a block back; the size decides the class it is cached in, right or wrong. */
  public void free(long iova, long sizeBytes, Moment moment) {
    int order = order(sizeBytes >>> shift);
    if (order < caches.size()) {
      caches.get(order).put(iova >>> shift, moment);
    } else {
      tree.free(iova >>> shift);
    }
  }

  /** Bytes in blocks and caches, reserved ranges included. */
  public long usedBytes() {
    return tree.usedPfns() << shift;
  }

  /** Blocks in the tree, those waiting in caches and reserved ranges included. */
  public int blockCount() {
    return tree.blockCount();
  }

  /** Lowest address in a block: how far the space was used downwards. */
  public OptionalLong lowestAddr() {
    OptionalLong pfn = tree.lowestPfn();
    return pfn.isEmpty() ? pfn : OptionalLong.of(pfn.getAsLong() << shift);
  }

  /** Frames that a request takes: sizes that are cached are rounded up to a power of two. */
  private long pfns(long sizeBytes) {
    long asked = sizeBytes >>> shift;
    return asked < 1L << (CACHED_ORDERS - 1) ? IovaAllocator.nextPowerOfTwo(asked) : asked;
  }

  /** order_base_2(): log2, rounded up. */
  private static int order(long pfns) {
    return Long.numberOfTrailingZeros(IovaAllocator.nextPowerOfTwo(pfns));
  }
}
