package io.dmascope.model.backend;

import java.util.List;
import java.util.OptionalLong;

/**
 * What an IOMMU domain is set up with.
 *
 * @param pageSizeBitmap bit n set where pages of 2^n bytes are supported; the smallest is the
 *     granule
 * @param firstAddr lowest address handed out; 0 is never handed out
 * @param apertureEnd last address the hardware translates, where the domain enforces it
 * @param reserved ranges that are never handed out: host-bridge windows, message interrupts, holes
 * @param flushPolicy how unmapped addresses leave the IOTLB
 */
public record IommuParameters(
    long pageSizeBitmap,
    long firstAddr,
    OptionalLong apertureEnd,
    List<AddressRange> reserved,
    FlushPolicy flushPolicy) {

  /** Both ends belong to the range. */
  public record AddressRange(long first, long last) {}

  /** When an unmapped address may be used again (drivers/iommu/dma-iommu.c). */
  public enum FlushPolicy {
    /** {@code IOMMU_DOMAIN_DMA}: each unmap waits for its own invalidation. */
    STRICT,
    /**
     * {@code IOMMU_DOMAIN_DMA_FQ}: a queue of 256 on each CPU, flushed when full or after 10 ms.
     */
    LAZY,
    /** Lazy with one queue of 32768 and 1 s, for IOMMUs whose flush is costly (shadow_on_flush). */
    LAZY_SINGLE_QUEUE
  }

  /** The message window of x86 that no domain hands out. */
  public static final AddressRange X86_MSI = new AddressRange(0xfee00000L, 0xfeefffffL);

  /** Pages of 4 KiB, 2 MiB and 1 GiB, as VT-d and AMD offer them. */
  public static final long PAGES_4K_2M_1G = 1L << 12 | 1L << 21 | 1L << 30;

  public IommuParameters {
    reserved = List.copyOf(reserved);
    if (pageSizeBitmap == 0) {
      throw new IllegalArgumentException("no page size");
    }
  }

  /** An x86 domain. */
  public static IommuParameters x86(FlushPolicy policy) {
    return new IommuParameters(PAGES_4K_2M_1G, 0, OptionalLong.empty(), List.of(X86_MSI), policy);
  }

  public IommuParameters withPageSizeBitmap(long bitmap) {
    return new IommuParameters(bitmap, firstAddr, apertureEnd, reserved, flushPolicy);
  }

  /** The smallest page in bytes: the unit of I/O virtual addresses. */
  public long granule() {
    return Long.lowestOneBit(pageSizeBitmap);
  }

  /** log2 of the granule. */
  int granuleShift() {
    return Long.numberOfTrailingZeros(pageSizeBitmap);
  }
}
