package io.dmascope.model.predict;

import io.dmascope.model.backend.DeviceParameters;
import io.dmascope.model.backend.MapResult;
import io.dmascope.model.backend.Mapping;
import io.dmascope.model.backend.PageTableRun;
import io.dmascope.model.event.U64List;
import java.util.List;

/**
 * A translated mapping as the capture shows it, to be compared with a predicted one.
 *
 * @param runs its page-table runs; empty where the capture has none of any mapping
 */
record RecordedMapping(U64List dmaAddrs, U64List lengths, List<PageTableRun> runs) {

  /** Compares count, addresses, lengths, runs, and what every block of addresses must be. */
  Judgement compare(MapResult predicted, DeviceParameters device, long granule) {
    return switch (predicted) {
      case MapResult.Failure failure ->
          new Judgement.Different("model fails with " + failure.errno() + ", the call did not");
      case Mapping mapping -> compare(mapping, device, granule);
    };
  }

  /** Compares what is predicted of a list's first entries; the last segment and run may go on. */
  Judgement comparePrefix(MapResult predicted) {
    return switch (predicted) {
      case MapResult.Failure failure ->
          new Judgement.Different("model fails with " + failure.errno() + ", the call did not");
      case Mapping mapping -> comparePrefix(mapping);
    };
  }

  private Judgement comparePrefix(Mapping mapping) {
    int last = mapping.ents() - 1;
    if (last >= dmaAddrs.size()) {
      return Judgement.different("entries, at least", mapping.ents(), dmaAddrs.size());
    }
    for (int i = 0; i <= last; i++) {
      boolean fits =
          i < last
              ? mapping.lengths().at(i) == lengths.at(i)
              : Long.compareUnsigned(mapping.lengths().at(i), lengths.at(i)) <= 0;
      if (mapping.dmaAddrs().at(i) != dmaAddrs.at(i)) {
        return Judgement.different("dma_addr[" + i + "]", mapping.dmaAddrs().at(i), dmaAddrs.at(i));
      }
      if (!fits) {
        return Judgement.different("length[" + i + "]", mapping.lengths().at(i), lengths.at(i));
      }
    }
    return runs.isEmpty() || runsBeginWith(mapping.pageTableRuns())
        ? Judgement.EXACT_PREFIX
        : new Judgement.Different(
            "iommu:map: model begins %s, recorded %s".formatted(mapping.pageTableRuns(), runs));
  }

  private boolean runsBeginWith(List<PageTableRun> predicted) {
    int last = predicted.size() - 1;
    return last < runs.size()
        && predicted.subList(0, last).equals(runs.subList(0, last))
        && predicted.get(last).iova() == runs.get(last).iova()
        && predicted.get(last).physAddr() == runs.get(last).physAddr()
        && predicted.get(last).sizeBytes() <= runs.get(last).sizeBytes();
  }

  private Judgement compare(Mapping mapping, DeviceParameters device, long granule) {
    if (mapping.ents() != dmaAddrs.size()) {
      return Judgement.different("entries", mapping.ents(), dmaAddrs.size());
    }
    for (int i = 0; i < mapping.ents(); i++) {
      if (mapping.dmaAddrs().at(i) != dmaAddrs.at(i)) {
        return Judgement.different("dma_addr[" + i + "]", mapping.dmaAddrs().at(i), dmaAddrs.at(i));
      }
      if (mapping.lengths().at(i) != lengths.at(i)) {
        return Judgement.different("length[" + i + "]", mapping.lengths().at(i), lengths.at(i));
      }
    }
    if (!runs.isEmpty()) {
      long recordedSize = runs.stream().mapToLong(PageTableRun::sizeBytes).sum();
      if (recordedSize != mapping.iovaSizeBytes()) {
        return Judgement.different("IOVA size", mapping.iovaSizeBytes(), recordedSize);
      }
      if (!runs.equals(mapping.pageTableRuns())) {
        return new Judgement.Different(
            "iommu:map: model %s, recorded %s".formatted(mapping.pageTableRuns(), runs));
      }
    }
    return block(mapping, device, granule);
  }

  /** A block is aligned to its rounded size, is not at 0 and ends within the device's reach. */
  private static Judgement block(Mapping mapping, DeviceParameters device, long granule) {
    if (mapping.iovaSizeBytes() == 0) {
      return Judgement.EXACT;
    }
    long granules = Long.divideUnsigned(mapping.iovaSizeBytes(), granule);
    long highest = Long.highestOneBit(granules);
    long alignment = (highest == granules ? granules : highest << 1) * granule;
    if ((mapping.iova() & (alignment - 1)) != 0) {
      return Judgement.different("IOVA alignment", alignment, Long.lowestOneBit(mapping.iova()));
    }
    if (mapping.iova() == 0) {
      return new Judgement.Different("IOVA 0 is never handed out");
    }
    long last = mapping.iova() + mapping.iovaSizeBytes() - 1;
    return Long.compareUnsigned(last, device.addressLimit()) > 0
        ? Judgement.different("last IOVA is beyond the device's mask", device.addressLimit(), last)
        : Judgement.EXACT;
  }
}
