package io.dmascope.model.whatif;

import io.dmascope.model.backend.DeviceParameters;
import io.dmascope.model.backend.Mapping;
import io.dmascope.model.scatterlist.EntryForm;
import io.dmascope.model.scatterlist.PhysList;
import io.dmascope.model.whatif.ScenarioResult.FormCost;
import java.util.EnumMap;
import java.util.Map;

/**
 * Counts what each list would take in each form.
 *
 * <p>A visit is one look at one entry. A scatterlist is built in two walks, mapped in three with an
 * IOMMU (layout, page tables, finish) and in one without, and read in one. The other forms are
 * built in one walk, and the mapping code links each range as it comes.
 */
final class FormCosts {
  private static final long PAGE_MASK = 4095;

  /** The largest length that 32 bits hold. */
  private static final long LENGTH_MAX = 0xffffffffL;

  private final boolean translated;
  private final long granule;
  private final Map<EntryForm, FormCost> costs = new EnumMap<>(EntryForm.class);

  FormCosts(boolean translated, long granule) {
    this.translated = translated;
    this.granule = granule;
    for (EntryForm form :
        new EntryForm[] {
          EntryForm.SCATTERLIST,
          EntryForm.DMA_SG,
          EntryForm.DMA_SG64,
          EntryForm.IOVA_STATE,
          EntryForm.LINEAR
        }) {
      costs.put(form, new FormCost(0, 0));
    }
  }

  void add(PhysList input, Mapping output, DeviceParameters device) {
    long nents = input.size();
    long ents = output.ents();
    long pages = pages(output);
    long mapWalks = translated ? 3 : 1;
    long inputBytes = EntryForm.BIO_VEC.bytes(nents);
    // One structure holds both sides; the driver reads the first ents entries of it.
    add(EntryForm.SCATTERLIST, EntryForm.SCATTERLIST.bytes(nents), (2 + mapWalks) * nents + ents);
    add(EntryForm.DMA_SG, inputBytes + EntryForm.DMA_SG.bytes(ents), 2 * nents + 2 * ents);
    long long64 = longRuns(output, device);
    add(EntryForm.DMA_SG64, inputBytes + EntryForm.DMA_SG64.bytes(long64), 2 * nents + 2 * long64);
    long states = translated && isGapless(input) ? 1 : nents;
    add(
        EntryForm.IOVA_STATE,
        EntryForm.PHYS_VEC.bytes(nents)
            + (states == 1 ? EntryForm.IOVA_STATE.bytes(1) : EntryForm.DMA_VEC.bytes(nents)),
        2 * nents + states);
    add(
        EntryForm.LINEAR,
        EntryForm.SCATTERLIST.bytes(nents) + EntryForm.LINEAR.bytes(pages),
        (2 + mapWalks) * nents + ents + pages);
  }

  Map<EntryForm, FormCost> costs() {
    return costs;
  }

  private void add(EntryForm form, long bytes, long visits) {
    costs.put(form, costs.get(form).plus(bytes, visits));
  }

  /**
   * Output entries if a length could exceed 32 bits. The width decides only what one entry can
   * hold: {@code max_segment_size} and the boundary part entries as before, so that neighbours are
   * one only where nothing but the 4 GiB of a length kept them apart.
   */
  private long longRuns(Mapping output, DeviceParameters device) {
    if (!translated || device.maxSegmentSize() < LENGTH_MAX) {
      return output.ents();
    }
    long runs = 0;
    long end = 0;
    long length = 0;
    for (int i = 0; i < output.ents(); i++) {
      long addr = output.dmaAddrs().at(i);
      boolean onlyTooLong =
          runs > 0
              && addr == end
              && (addr & device.segmentBoundaryMask()) != 0
              && length + output.lengths().at(i) > LENGTH_MAX;
      runs += onlyTooLong ? 0 : 1;
      length = onlyTooLong ? length + output.lengths().at(i) : output.lengths().at(i);
      end = addr + output.lengths().at(i);
    }
    return runs;
  }

  /** dma_iova_link() takes aligned ranges only; the first may begin and the last end anywhere. */
  private boolean isGapless(PhysList input) {
    long mask = granule - 1;
    for (int i = 0; i < input.size(); i++) {
      boolean beginsWell = i == 0 || (input.physAddr(i) & mask) == 0;
      boolean endsWell =
          i == input.size() - 1 || ((input.physAddr(i) + input.length(i)) & mask) == 0;
      if (!beginsWell || !endsWell || input.isBusAddress(i)) {
        return false;
      }
    }
    return true;
  }

  private static long pages(Mapping output) {
    long pages = 0;
    for (int i = 0; i < output.ents(); i++) {
      long first = output.dmaAddrs().at(i) & ~PAGE_MASK;
      long end = (output.dmaAddrs().at(i) + output.lengths().at(i) + PAGE_MASK) & ~PAGE_MASK;
      pages += (end - first) >>> 12;
    }
    return pages;
  }
}
