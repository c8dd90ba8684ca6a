package io.dmascope.model.event;

import java.util.Objects;
import java.util.stream.IntStream;

/**
 * A fact that stock tracepoints do not carry: what a probe on a kernel function, a recorder in a
 * driver or a simulation saw. {@link ProbeShape} tells how each is named and written.
 *
 * <p>Which facts a recorder watched is a fact, too: {@link Probes}. Pointers are raw; they name
 * things within one recording. Text is empty and a pointer 0 where the recorder could not tell.
 */
public sealed interface ProbeEvent extends TraceEvent {
  /** The device it concerns, or empty. */
  String device();

  /**
   * The recorder began to watch.
   *
   * @param clock the clock of its stamps, as tracefs names it; empty where unknown
   * @param attached the facts watched: names of probe events without their prefix, joined by commas
   */
  record Probes(EventHeader header, String clock, String attached) implements ProbeEvent {
    public Probes {
      Objects.requireNonNull(attached, "attached");
    }

    @Override
    public String device() {
      return "";
    }
  }

  /**
   * A driver was bound to a device or has let go of it (drivers/base/dd.c driver_bound(),
   * device_unbind_cleanup(): after {@code remove()} returned).
   */
  record DriverBinding(EventHeader header, String device, String driver, boolean bound)
      implements ProbeEvent {}

  /**
   * A driver called {@code dma_mapping_error()} on an address (include/linux/dma-mapping.h); the
   * calls that dma-debug makes itself are not among them.
   */
  record MappingErrorCheck(EventHeader header, String device, long dmaAddr) implements ProbeEvent {}

  /**
   * A driver handed a kernel virtual address in, to {@code dma_map_single()}
   * (include/linux/dma-mapping.h dma_map_single_attrs()).
   *
   * @param cpuAddr the address, not hashed
   * @param region what lies there
   */
  record VirtualMap(EventHeader header, String device, long cpuAddr, long sizeBytes, Region region)
      implements ProbeEvent {
    /** What a kernel virtual address belongs to. */
    public enum Region {
      /** The linear map: what {@code kmalloc()} and the page allocator give. */
      LINEAR,
      STACK,
      TEXT,
      RODATA,
      VMALLOC,
      KMAP,
      /** No memory that {@code virt_addr_valid()} knows. */
      INVALID
    }
  }

  /**
   * A {@code struct sg_table} as it lay in memory at one moment, its list slot by slot in the order
   * of {@code sg_next()}, slots that lead to another chunk among them. All lists have an element a
   * slot.
   *
   * @param table the pointer
   * @param origNents entries of the memory
   * @param nents entries of the addresses
   * @param truncated true where the recorder left slots out at the end
   * @param pageLinks {@code page_link}: bit 0 chain, bit 1 end, else the page
   * @param offsets of the first byte in the page
   * @param lengths bytes of the memory
   * @param dmaAddrs what {@code sg_dma_address()} gives
   * @param dmaLengths what {@code sg_dma_len()} gives
   * @param dmaFlags {@code dma_flags}: 1 a bus address, 2 bounced
   */
  record SgTable(
      EventHeader header,
      String device,
      Stage stage,
      long table,
      int origNents,
      int nents,
      boolean truncated,
      U64List pageLinks,
      U64List offsets,
      U64List lengths,
      U64List dmaAddrs,
      U64List dmaLengths,
      U64List dmaFlags)
      implements ProbeEvent {
    public SgTable {
      ProbeShape.requireSameSize(pageLinks, offsets, lengths, dmaAddrs, dmaLengths, dmaFlags);
    }

    /** When the table was looked at. */
    public enum Stage {
      /** Pages are still being appended (lib/scatterlist.c sg_alloc_append_table_from_pages()). */
      BUILDING,
      /** The memory's side is complete. */
      BUILT,
      /** {@code dma_map_sgtable()} or {@code dma_map_sg()} has filled the addresses in. */
      MAPPED,
      /** An exporter handed it to the importer of a buffer. */
      IMPORTED,
      /** A consumer begins to tell its device the addresses. */
      CONSUMED,
      UNMAPPED
    }

    public int slots() {
      return pageLinks.size();
    }

    /** Slots that hold entries, in order: all but those that lead to another chunk. */
    public int[] entries() {
      return IntStream.range(0, slots()).filter(slot -> (pageLinks.at(slot) & 1) == 0).toArray();
    }
  }

  /**
   * A consumer read {@code sg_dma_address()} or {@code sg_dma_len()} of an entry.
   *
   * @param index of the entry, 0-based, slots that lead to other chunks not counted
   * @param nents entries that hold addresses: what the map call returned
   */
  record SgRead(
      EventHeader header,
      String device,
      long table,
      int index,
      int nents,
      long dmaAddr,
      long dmaLength)
      implements ProbeEvent {}

  /**
   * A bio was submitted (block/blk-core.c submit_bio_noacct()).
   *
   * @param vecs its bio_vecs
   * @param sizeBytes the sum of their lengths
   */
  record Bio(EventHeader header, String device, int vecs, long sizeBytes) implements ProbeEvent {}

  /**
   * The segments of a request as its driver gets them, with the limits of its queue ({@code struct
   * queue_limits}).
   *
   * @param virtBoundaryMask 0 where gaps are allowed
   */
  record BlockRequest(
      EventHeader header,
      String device,
      int maxSegments,
      long maxSegmentSize,
      long segBoundaryMask,
      long virtBoundaryMask,
      U64List physAddrs,
      U64List lengths)
      implements ProbeEvent {
    public BlockRequest {
      ProbeShape.requireSameSize(physAddrs, lengths);
    }
  }

  /**
   * A call on a buffer's attachment (drivers/dma-buf/dma-buf.c).
   *
   * @param inode names the buffer within one boot
   * @param attachment the pointer; 0 for an {@code INVALIDATE} that concerns all of the buffer
   * @param exporter {@code exp_name}
   * @param dynamic whether the importer can be told that the buffer moves
   * @param peer2peer whether the importer takes memory of other devices
   * @param resv who held the buffer's reservation lock when the function was entered
   * @param direction of {@code MAP} and {@code UNMAP}
   * @param table the sg_table that {@code MAP} returned or {@code UNMAP} was given, else 0
   * @param error negative errno, or 0
   */
  record AttachmentCall(
      EventHeader header,
      String device,
      Op op,
      long inode,
      long attachment,
      String exporter,
      boolean dynamic,
      boolean peer2peer,
      ResvLock resv,
      DmaDirection direction,
      long table,
      int error)
      implements ProbeEvent {
    /** Which function. */
    public enum Op {
      /** {@code dma_buf_attach()}, {@code dma_buf_dynamic_attach()}. */
      ATTACH,
      /** {@code dma_buf_detach()}. */
      DETACH,
      /** {@code dma_buf_pin()}. */
      PIN,
      /** {@code dma_buf_unpin()}. */
      UNPIN,
      /** {@code dma_buf_map_attachment()}. */
      MAP,
      /** {@code dma_buf_unmap_attachment()}. */
      UNMAP,
      /** {@code dma_buf_invalidate_mappings()}, {@code dma_buf_move_notify()} before 7.x. */
      INVALIDATE
    }

    /** Who held a {@code dma_resv}. */
    public enum ResvLock {
      UNKNOWN,
      FREE,
      CALLER,
      ANOTHER
    }
  }

  /**
   * Somebody touched a buffer, or declared that the CPU is about to.
   *
   * @param device the importer's; empty for the CPU's own accesses
   * @param direction as for a mapping: {@code FROM_DEVICE} where the CPU reads or the device writes
   */
  record BufferAccess(
      EventHeader header,
      String device,
      Kind kind,
      long inode,
      long attachment,
      DmaDirection direction)
      implements ProbeEvent {
    /** Who did what. */
    public enum Kind {
      /** {@code dma_buf_begin_cpu_access()}. */
      BEGIN_CPU,
      /** {@code dma_buf_end_cpu_access()}. */
      END_CPU,
      /** The CPU read or wrote through {@code vmap} or {@code mmap}. */
      CPU,
      /** An importer used the memory's side of the table: page, offset or length. */
      PAGE,
      /** The importer's device read or wrote. */
      DEVICE,
      /** The fences that an invalidation had to wait for have retired. */
      FENCES_RETIRED
    }
  }

  /**
   * What the kernel decided about memory of a peer device (drivers/pci/p2pdma.c
   * calc_map_type_and_dist()).
   *
   * @param device the client
   * @param provider the device whose memory it is
   * @param physAddr of the memory; 0 where only the path was asked for
   * @param dmaAddr the address the client was given; 0 where none
   */
  record PeerMap(
      EventHeader header, String device, String provider, Path path, long physAddr, long dmaAddr)
      implements ProbeEvent {
    /** {@code enum pci_p2pdma_map_type}, by name: the numbers differ between kernels. */
    public enum Path {
      UNKNOWN,
      NONE,
      NOT_SUPPORTED,
      BUS_ADDR,
      THRU_HOST_BRIDGE
    }
  }

  /**
   * A memory region that an RDMA driver registers (drivers/infiniband/core/umem.c
   * ib_umem_find_best_pgsz()).
   *
   * @param address user address of the first byte
   * @param iova address under which the device sees the first byte
   * @param pageSizeBitmap page sizes that the driver offered
   * @param pageSize the size that was chosen, 0 where none fits
   * @param blocks addresses that the device was given; empty where not recorded
   */
  record RdmaRegion(
      EventHeader header,
      String device,
      long address,
      long sizeBytes,
      long iova,
      long pageSizeBitmap,
      long pageSize,
      U64List dmaAddrs,
      U64List lengths,
      U64List blocks)
      implements ProbeEvent {
    public RdmaRegion {
      ProbeShape.requireSameSize(dmaAddrs, lengths);
    }
  }

  /**
   * A table laid out as one address a page (drivers/gpu/drm/drm_prime.c
   * drm_prime_sg_to_dma_addr_array()).
   *
   * @param maxEntries places in the array
   */
  record PageArray(
      EventHeader header, String device, int maxEntries, U64List dmaAddrs, U64List lengths)
      implements ProbeEvent {
    public PageArray {
      ProbeShape.requireSameSize(dmaAddrs, lengths);
    }
  }

  /**
   * The physical region pages of an NVMe command (drivers/nvme/host/pci.c), those of list pages in
   * line, links between list pages left out.
   *
   * @param sizeBytes of the command's data
   */
  record NvmeCommand(EventHeader header, String device, long sizeBytes, U64List prps)
      implements ProbeEvent {}

  /**
   * A call of the two-step interface (drivers/iommu/dma-iommu.c).
   *
   * @param state pointer of the {@code struct dma_iova_state}
   * @param iova {@code state->addr}
   * @param offset from the first byte, where the call has one
   * @param error negative errno or 0; for {@code TRY_ALLOC}, which only says no, -12
   */
  record IovaCall(
      EventHeader header,
      String device,
      Step step,
      long state,
      long iova,
      long physAddr,
      long offset,
      long sizeBytes,
      DmaDirection direction,
      long attrs,
      int error)
      implements ProbeEvent {
    /** Which function, without its {@code dma_iova_}. */
    public enum Step {
      TRY_ALLOC,
      LINK,
      SYNC,
      UNLINK,
      FREE,
      DESTROY
    }
  }
}
