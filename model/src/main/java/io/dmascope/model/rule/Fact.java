package io.dmascope.model.rule;

import io.dmascope.model.mapping.CaptureState;
import io.dmascope.model.mapping.Device;
import io.dmascope.model.mapping.DeviceRig;
import io.dmascope.model.mapping.RigFacts;
import io.dmascope.model.rig.PciFunction;
import io.dmascope.model.rig.RigDevice;
import io.dmascope.model.rig.RigManifest;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;

/** What a rule has to know beside the events, and the member of the rig manifest that says it. */
public enum Fact {
  DMA_MASK("devices[].dmaLimits.dmaMaskBits"),
  MAX_SEGMENT_SIZE("devices[].dmaLimits.maxSegmentSizeBytes"),
  SEGMENT_BOUNDARY("devices[].dmaLimits.segmentBoundaryMask"),
  MIN_ALIGN("devices[].dmaLimits.minAlignMask"),
  COHERENCE("devices[].coherent"),
  DOMAIN_TYPE("devices[].iommuGroup and iommuGroups[].domainType"),
  RESERVED_IOVA("iommuGroups[].reserved or hostBridges[].windows"),
  CACHE_LINE("cpu.cacheLineBytes"),
  MEMORY_MAP("memoryMap"),
  BARS("devices[].pci.bars"),
  PCI_TREE("devices[].parent and devices[].pci.acs");

  private final String member;

  Fact(String member) {
    this.member = member;
  }

  /** The member of the rig manifest to supply. */
  public String member() {
    return member;
  }

  /** True where a capture of that rig can come to know it for any device. */
  boolean possible(RigManifest rig) {
    return switch (this) {
      case DMA_MASK -> true; // swiotlb_bounced prints it as well
      case MAX_SEGMENT_SIZE -> any(rig, d -> d.dmaLimits().maxSegmentSizeBytes().isPresent());
      case SEGMENT_BOUNDARY -> any(rig, d -> d.dmaLimits().segmentBoundaryMask().isPresent());
      case MIN_ALIGN -> any(rig, d -> d.dmaLimits().minAlignMask().isPresent());
      case COHERENCE -> any(rig, d -> d.coherent().isPresent());
      case DOMAIN_TYPE -> rig.iommuGroups().stream().anyMatch(g -> g.domainType().isPresent());
      case RESERVED_IOVA ->
          rig.iommuGroups().stream().anyMatch(group -> !group.reserved().isEmpty())
              || rig.hostBridges().stream().anyMatch(bridge -> !bridge.windows().isEmpty());
      case CACHE_LINE -> rig.cpu().filter(cpu -> cpu.cacheLineBytes().isPresent()).isPresent();
      case MEMORY_MAP -> !rig.memoryMap().isEmpty();
      case BARS -> any(rig, d -> !d.pci().map(PciFunction::bars).orElse(List.of()).isEmpty());
      case PCI_TREE -> any(rig, d -> d.pci().flatMap(PciFunction::acs).isPresent());
    };
  }

  private boolean knownOf(Device device, RigFacts rig) {
    DeviceRig known = rig.of(device);
    return switch (this) {
      case DMA_MASK -> known.dmaMask() != 0 || device.tracedDmaMask() != 0;
      case MAX_SEGMENT_SIZE -> known.maxSegmentSizeBytes() != 0;
      case SEGMENT_BOUNDARY -> known.segmentBoundaryMask() != 0;
      case MIN_ALIGN -> known.minAlignMask() != -1;
      case COHERENCE -> known.coherent().isPresent();
      case DOMAIN_TYPE -> known.domainType() != null;
      case RESERVED_IOVA -> !known.neverGivenOut().isEmpty();
      case PCI_TREE -> rig.topology().device(device.name()).isPresent();
      case CACHE_LINE, MEMORY_MAP, BARS -> true; // of the machine
    };
  }

  /** True where all of them are known for some device that the capture shows. */
  static boolean allKnown(Fact[] facts, CaptureState state) {
    if (facts.length == 0) {
      return true;
    }
    if (!Arrays.stream(facts).allMatch(fact -> fact.possible(state.rig().manifest()))) {
      return false;
    }
    for (int id = 0; id < state.devices().size(); id++) {
      Device device = state.devices().at(id);
      if (Arrays.stream(facts).allMatch(fact -> fact.knownOf(device, state.rig()))) {
        return true;
      }
    }
    return false;
  }

  private static boolean any(RigManifest rig, Predicate<RigDevice> condition) {
    return rig.devices().stream().anyMatch(condition);
  }
}
