package io.dmascope.model.whatif;

import io.dmascope.model.backend.BackendCounters;
import io.dmascope.model.backend.DeviceParameters;
import io.dmascope.model.backend.DirectBackend;
import io.dmascope.model.backend.IommuBackend;
import io.dmascope.model.backend.IommuDomain;
import io.dmascope.model.backend.IommuParameters;
import io.dmascope.model.backend.MapResult;
import io.dmascope.model.backend.Mapping;
import io.dmascope.model.backend.MappingBackend;
import io.dmascope.model.backend.Moment;
import io.dmascope.model.backend.SwiotlbPool;
import io.dmascope.model.event.DmaDirection;
import io.dmascope.model.scatterlist.PhysList;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** One scenario's machine: its domains, its bounce pool, and a backend for each device. */
final class ScenarioReplay {
  /** Below 4 GiB, as the kernel's own pool, so that every device can reach it. */
  private static final long POOL_START = 0x40000000L;

  private static final long DEFAULT_GRANULE = 4096;

  private final Scenario scenario;
  private final int cpus;
  private final SwiotlbPool pool;
  private final Map<String, IommuDomain> domains = new TreeMap<>();
  private final Map<String, MappingBackend> backends = new TreeMap<>();
  private final FormCosts forms;

  ScenarioReplay(Scenario scenario, int cpus) {
    this.scenario = scenario;
    this.cpus = cpus;
    this.pool = SwiotlbPool.ofDefaultSize(POOL_START, cpus);
    this.forms = new FormCosts(scenario.isTranslated(), granule());
  }

  /** Maps a list; a single map is one of one entry. Empty where the call fails. */
  Optional<Mapping> map(
      DeviceParameters device,
      String domain,
      PhysList list,
      DmaDirection direction,
      long attrs,
      Moment moment) {
    MappingBackend backend = backend(device, domain);
    MapResult result = backend.mapSg(list, direction, attrs, moment);
    if (result instanceof Mapping mapping) {
      forms.add(list, mapping, backend.device());
      return Optional.of(mapping);
    }
    return Optional.empty();
  }

  /** Gives coherent memory an address. Empty where there is no room. */
  Optional<Mapping> alloc(DeviceParameters device, String domain, PhysList memory, Moment moment) {
    return backend(device, domain).alloc(memory, moment) instanceof Mapping mapping
        ? Optional.of(mapping)
        : Optional.empty();
  }

  void unmap(String device, Mapping mapping, DmaDirection direction, long attrs, Moment moment) {
    backends.get(device).unmap(mapping, direction, attrs, moment);
  }

  ScenarioResult result() {
    BackendCounters sum = new BackendCounters();
    backends.values().forEach(backend -> sum.add(backend.counters()));
    long peak = 0;
    long held = 0;
    long span = 0;
    long staleMax = 0;
    long staleSum = 0;
    for (IommuDomain domain : domains.values()) {
      peak += domain.liveBytesMax();
      held += domain.heldBytesMax();
      span += domain.spanBytes();
      staleMax = Math.max(staleMax, domain.queue().staleNsMax());
      staleSum += domain.queue().staleNsMean();
    }
    long staleMean = domains.isEmpty() ? 0 : staleSum / domains.size();
    return new ScenarioResult(
        scenario,
        sum,
        new ScenarioResult.IovaUse(peak, held, span, staleMean, staleMax),
        pool.usedSlotsMax(),
        forms.costs());
  }

  private MappingBackend backend(DeviceParameters recorded, String domain) {
    MappingBackend known = backends.get(recorded.name());
    if (known != null) {
      return known;
    }
    DeviceParameters device = recorded;
    if (scenario.maxSegmentSize().isPresent()) {
      device = device.withMaxSegmentSize(scenario.maxSegmentSize().getAsLong());
    }
    if (scenario.segmentBoundaryMask().isPresent()) {
      device = device.withSegmentBoundaryMask(scenario.segmentBoundaryMask().getAsLong());
    }
    MappingBackend backend =
        switch (scenario.backend()) {
          case DIRECT -> DirectBackend.of(device, pool);
          case SWIOTLB -> DirectBackend.forced(device, pool);
          case IOMMU_STRICT, IOMMU_LAZY -> translated(device, domain);
        };
    backends.put(recorded.name(), backend);
    return backend;
  }

  private MappingBackend translated(DeviceParameters device, String domain) {
    // A mask of alignment bits beyond the granule is refused by the IOMMU code.
    DeviceParameters accepted =
        Integer.compareUnsigned(device.minAlignMask(), (int) granule() - 1) > 0
            ? device.withMinAlignMask((int) granule() - 1)
            : device;
    IommuDomain shared =
        domains.computeIfAbsent(domain, _ -> new IommuDomain(iommuParameters(), cpus));
    return new IommuBackend(accepted, shared, pool);
  }

  private IommuParameters iommuParameters() {
    IommuParameters.FlushPolicy policy =
        scenario.backend() == Scenario.Backend.IOMMU_LAZY
            ? IommuParameters.FlushPolicy.LAZY
            : IommuParameters.FlushPolicy.STRICT;
    IommuParameters parameters = IommuParameters.x86(policy);
    return granule() == DEFAULT_GRANULE
        ? parameters
        // Arm's translation granules: one level of blocks above, each 1/8 granule as many.
        : parameters.withPageSizeBitmap(granule() | granule() * (granule() / 8));
  }

  private long granule() {
    return scenario.granule().orElse(DEFAULT_GRANULE);
  }
}
