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
    long asked = sizeBytes >>> shift;
    long pfns = asked < 1L << (CACHED_ORDERS - 1) ? IovaAllocator.nextPowerOfTwo(asked) : asked;
    long limitPfn = limitAddr >>> shift;
    int order = order(pfns);
    if (order < caches.size()) {
      caches.get(order).trim(moment.timestampNs());
      long cached = caches.get(order).get(limitPfn + 1 - pfns, moment);
      if (cached != IovaMagazine.NONE) {
        return OptionalLong.of(cached << shift);
      }
    }
    OptionalLong pfn = tree.allocate(pfns, limitPfn);
    if (pfn.isEmpty() && flushCaches) {
      caches.forEach(IovaCache::drain);
      pfn = tree.allocate(pfns, limitPfn);
    }
    return pfn.isEmpty() ? pfn : OptionalLong.of(pfn.getAsLong() << shift);
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

  /** order_base_2(): log2, rounded up. */
  private static int order(long pfns) {
    return Long.numberOfTrailingZeros(IovaAllocator.nextPowerOfTwo(pfns));
  }
}
