package io.dmascope.model.whatif;

import io.dmascope.model.backend.DeviceParameters;
import io.dmascope.model.backend.IommuSgLayout;
import io.dmascope.model.backend.Mapping;
import io.dmascope.model.scatterlist.EntryForm;
import io.dmascope.model.scatterlist.PhysList;
import java.util.List;

/**
 * What each step of the plan that ended the 2020 discussion of scatterlists in dma-buf would change
 * for a workload, if all of it were of the kind that the step is about: memory that is registered
 * for RDMA, exported as a dma-buf, or that lies on a peer. Lists are mapped through an IOMMU of 4
 * KiB pages; before with the PCI defaults, after as one range.
 *
 * <p>Peer memory needs a {@code struct page} for each of its pages before it can be in a
 * scatterlist (step 6), or stands there without one (step 7), which the scatterlist's maintainers
 * refused.
 */
public final class PlanSteps {
  private static final long GRANULE = 4096;
  private static final long PAGE_STRUCT_BYTES = 64;
  private static final long IOVA = 1L << 40;

  /**
   * One step.
   *
   * @param step 1 to 7
   * @param what the step
   * @param measure what the two numbers count
   * @param before as scatterlists do it
   * @param after as the step would
   */
  public record Row(int step, String what, String measure, long before, long after) {}

  private long lists;
  private long nents;
  private long ents;
  private long pages;
  private long scatterlistBytes;
  private long bioVecBytes;
  private long dmaSgBytes;
  private long oneRangeEnts;
  private long ranges;
  private long rangeForms;

  void add(PhysList list) {
    Mapping defaults =
        map(
            list,
            DeviceParameters.PCI_SEGMENT_BOUNDARY_MASK,
            DeviceParameters.DEFAULT_MAX_SEGMENT_SIZE);
    if (defaults == null) {
      return;
    }
    lists++;
    nents += list.size();
    ents += defaults.ents();
    scatterlistBytes += EntryForm.SCATTERLIST.bytes(list.size());
    bioVecBytes += EntryForm.BIO_VEC.bytes(list.size());
    dmaSgBytes += EntryForm.DMA_SG.bytes(defaults.ents());
    for (int i = 0; i < list.size(); i++) {
      long first = list.physAddr(i) & -GRANULE;
      long listPages = (list.physAddr(i) + list.length(i) - first + GRANULE - 1) / GRANULE;
      pages += listPages;
    }
    long listRanges = physicalRanges(list);
    ranges += listRanges;
    rangeForms += EntryForm.PHYS_VEC.bytes(listRanges) + EntryForm.DMA_SG.bytes(listRanges);
    Mapping oneRange = map(list, -1L, 0xffffffffL);
    oneRangeEnts += oneRange == null ? defaults.ents() : oneRange.ents();
  }

  /** The seven rows. */
  List<Row> rows() {
    return List.of(
        new Row(
            1,
            "a dma_sg of its own for the DMA side",
            "bytes of lists, both sides",
            scatterlistBytes,
            bioVecBytes + dmaSgBytes),
        new Row(
            2,
            "map bio_vecs to dma_sg without a scatterlist between",
            "entries visited to build and map",
            5 * nents,
            2 * nents + ents),
        new Row(
            3,
            "RDMA moves data from dma_sg",
            "scatter/gather entries of work requests",
            ents,
            oneRangeEnts),
        new Row(
            4,
            "dma-buf hands out dma_sg, not sg_table",
            "bytes handed to an importer",
            scatterlistBytes,
            dmaSgBytes),
        new Row(
            5,
            "GPU drivers walk dma_sg instead of arrays of pages",
            "bytes kept by the driver",
            scatterlistBytes + EntryForm.LINEAR.bytes(pages),
            dmaSgBytes),
        new Row(
            6,
            "peer memory described without struct pages",
            "bytes describing the same memory on a peer",
            pages * PAGE_STRUCT_BYTES + scatterlistBytes,
            rangeForms),
        new Row(
            7,
            "GPU peer-to-peer through dma-buf on top of it",
            "entries with a DMA address and no page",
            ranges,
            0));
  }

  /** How many lists the rows are about. */
  long lists() {
    return lists;
  }

  /** What a provider without pages hands out: an entry a contiguous range of its memory. */
  private static long physicalRanges(PhysList list) {
    long ranges = 0;
    for (int i = 0; i < list.size(); i++) {
      boolean goesOn = i > 0 && list.physAddr(i - 1) + list.length(i - 1) == list.physAddr(i);
      ranges += goesOn ? 0 : 1;
    }
    return ranges;
  }

  /** Null where the list cannot be mapped at all. */
  private static Mapping map(PhysList list, long boundary, long maxSegment) {
    return IommuSgLayout.of(list, GRANULE, boundary, maxSegment).at(IOVA) instanceof Mapping mapping
        ? mapping
        : null;
  }
}
