package io.dmascope.model.consumer;

import io.dmascope.model.backend.Mapping;
import io.dmascope.model.event.U64List;
import io.dmascope.model.scatterlist.EntryForm;

/**
 * What a driver needs addresses for, and the form that serves it: requirement in, form and cost
 * out.
 */
public sealed interface Requirement {

  /**
   * How a mapping serves a driver.
   *
   * @param satisfied false where the device cannot be told this mapping at all
   * @param form the leanest form the driver can work from
   * @param formBytes what that form takes
   * @param deviceEntries descriptors or page-table entries that the device gets
   * @param why one sentence where it is not satisfied, else empty
   */
  record Fulfilment(
      boolean satisfied, EntryForm form, long formBytes, long deviceEntries, String why) {}

  /** Tells how the mapping serves this driver. */
  Fulfilment fulfil(Mapping mapping);

  /** One range of addresses, as display engines and small devices need it. */
  record OneRange() implements Requirement {
    @Override
    public Fulfilment fulfil(Mapping mapping) {
      boolean whole = GpuPages.contiguousBytes(mapping) == mapping.lengths().sum();
      return new Fulfilment(
          whole, EntryForm.IOVA_STATE, 16, 1, whole ? "" : "the addresses are not contiguous");
    }
  }

  /** At most so many ranges, as descriptor rings and SGLs take them. */
  record Ranges(int entriesMax) implements Requirement {
    @Override
    public Fulfilment fulfil(Mapping mapping) {
      boolean fits = mapping.ents() <= entriesMax;
      return new Fulfilment(
          fits,
          EntryForm.DMA_VEC,
          EntryForm.DMA_VEC.bytes(mapping.ents()),
          mapping.ents(),
          fits ? "" : "%d ranges, the device takes %d".formatted(mapping.ents(), entriesMax));
    }
  }

  /** Pages of the controller, as NVMe takes them: whole but the first and the last. */
  record NvmePages() implements Requirement {
    @Override
    public Fulfilment fulfil(Mapping mapping) {
      long entries = 0;
      for (int i = 0; i < mapping.ents(); i++) {
        long addr = mapping.dmaAddrs().at(i);
        if (i > 0) {
          long end = mapping.dmaAddrs().at(i - 1) + mapping.lengths().at(i - 1);
          if (NvmePrp.hasGap(end, addr)) {
            return new Fulfilment(
                false, EntryForm.DMA_VEC, 0, 0, "entry " + i + " leaves a gap within a page");
          }
        }
        entries += NvmePrp.entries(addr, mapping.lengths().at(i));
      }
      return new Fulfilment(
          true, EntryForm.DMA_VEC, EntryForm.DMA_VEC.bytes(mapping.ents()), entries, "");
    }
  }

  /** An address a page for random access, as GPU page tables are filled. */
  record PageArray(int pagesMax) implements Requirement {
    @Override
    public Fulfilment fulfil(Mapping mapping) {
      return GpuPages.addresses(mapping, pagesMax)
          .map(
              pages ->
                  new Fulfilment(
                      true,
                      EntryForm.LINEAR,
                      EntryForm.LINEAR.bytes(pages.length),
                      pages.length,
                      ""))
          .orElseGet(
              () ->
                  new Fulfilment(
                      false, EntryForm.LINEAR, 0, 0, "too many pages, or none that are whole"));
    }
  }

  /**
   * Blocks of one size, as RDMA devices register memory.
   *
   * @param pageSizeBitmap page sizes of the device
   * @param virt address under which the device will see the first byte
   */
  record MemoryRegion(long pageSizeBitmap, long virt) implements Requirement {
    @Override
    public Fulfilment fulfil(Mapping mapping) {
      U64List lengths = mapping.lengths();
      RdmaPageSize region = new RdmaPageSize(mapping.dmaAddrs(), lengths, 0, lengths.sum(), virt);
      long pageSize = region.best(pageSizeBitmap);
      boolean registrable = pageSize != 0;
      return new Fulfilment(
          registrable,
          EntryForm.DMA_VEC,
          EntryForm.DMA_VEC.bytes(mapping.ents()),
          registrable ? region.blockCount(pageSize) : 0,
          registrable ? "" : "no page size of the device fits");
    }
  }
}
