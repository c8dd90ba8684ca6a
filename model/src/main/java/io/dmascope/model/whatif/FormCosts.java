package io.dmascope.model.whatif;

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

  void add(PhysList input, Mapping output) {
    long nents = input.size();
    long ents = output.ents();
    long pages = pages(output);
    long mapWalks = translated ? 3 : 1;
    long inputBytes = EntryForm.BIO_VEC.bytes(nents);
    // One structure holds both sides; the driver reads the first ents entries of it.
    add(EntryForm.SCATTERLIST, EntryForm.SCATTERLIST.bytes(nents), (2 + mapWalks) * nents + ents);
    add(EntryForm.DMA_SG, inputBytes + EntryForm.DMA_SG.bytes(ents), 2 * nents + 2 * ents);
    long long64 = longRuns(output);
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

  /** Output entries if a length could exceed 32 bits: neighbours in DMA space are one. */
  private static long longRuns(Mapping output) {
    long runs = 0;
    long end = 0;
    for (int i = 0; i < output.ents(); i++) {
      runs += runs == 0 || output.dmaAddrs().at(i) != end ? 1 : 0;
      end = output.dmaAddrs().at(i) + output.lengths().at(i);
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
