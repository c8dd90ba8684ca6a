package io.dmascope.cli.simulation;

import io.dmascope.model.rig.HostBridge;
import io.dmascope.model.rig.PciFunction;
import io.dmascope.model.rig.RigCpu;
import io.dmascope.model.rig.RigDevice;
import io.dmascope.model.rig.RigDevice.DmaLimits;
import io.dmascope.model.rig.RigIommuGroup;
import io.dmascope.model.rig.RigManifest;
import io.dmascope.model.rule.Fact;
import io.dmascope.model.rule.RuleCatalogue;
import io.dmascope.model.rule.RuleInfo;
import io.dmascope.producer.synthetic.machine.Chance;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * What whoever looks at a capture knows of its machine: all that the manifest says, or without some
 * kinds of facts, or nothing.
 *
 * @param hidden facts that the manifest does not tell
 */
record Knowledge(RigManifest rig, Set<Fact> hidden) {

  /** Half of all captures come with a whole manifest, a quarter each with parts and with none. */
  static Knowledge of(RigManifest whole, Chance chance) {
    Set<Fact> hidden = EnumSet.noneOf(Fact.class);
    switch (chance.below(4)) {
      case 0 -> hidden.addAll(List.of(Fact.values()));
      case 1 -> {
        for (Fact fact : Fact.values()) {
          if (chance.percent(30)) {
            hidden.add(fact);
          }
        }
      }
      default -> {}
    }
    RigManifest told = whole;
    for (Fact fact : hidden) {
      told = without(told, fact);
    }
    return hidden.size() == Fact.values().length
        ? new Knowledge(RigManifest.UNKNOWN, hidden)
        : new Knowledge(told, hidden);
  }

  boolean isWhole() {
    return hidden.isEmpty();
  }

  /** True where a rule asks for something that is not told. */
  boolean leavesOut(String ruleId) {
    RuleInfo info = RuleCatalogue.infoOf(RuleCatalogue.find(ruleId).orElseThrow());
    return Arrays.stream(info.facts()).anyMatch(hidden::contains);
  }

  /**
   * True where a rule cannot be held to anything then. Masks are told by {@code swiotlb_bounced} as
   * well, and some rules need the facts for some of their events only.
   */
  boolean forbids(String ruleId) {
    RuleInfo info = RuleCatalogue.infoOf(RuleCatalogue.find(ruleId).orElseThrow());
    return info.factsFor().length == 0
        && Arrays.stream(info.facts())
            .anyMatch(fact -> fact != Fact.DMA_MASK && hidden.contains(fact));
  }

  private static RigManifest without(RigManifest rig, Fact fact) {
    return switch (fact) {
      case DMA_MASK ->
          limits(
              rig,
              l ->
                  new DmaLimits(
                      OptionalInt.empty(),
                      OptionalInt.empty(),
                      OptionalLong.empty(),
                      l.maxSegmentSizeBytes(),
                      l.segmentBoundaryMask(),
                      l.minAlignMask()));
      case MAX_SEGMENT_SIZE ->
          limits(
              rig,
              l ->
                  new DmaLimits(
                      l.dmaMaskBits(),
                      l.coherentMaskBits(),
                      l.busLimitAddr(),
                      OptionalLong.empty(),
                      l.segmentBoundaryMask(),
                      l.minAlignMask()));
      case SEGMENT_BOUNDARY ->
          limits(
              rig,
              l ->
                  new DmaLimits(
                      l.dmaMaskBits(),
                      l.coherentMaskBits(),
                      l.busLimitAddr(),
                      l.maxSegmentSizeBytes(),
                      OptionalLong.empty(),
                      l.minAlignMask()));
      case MIN_ALIGN ->
          limits(
              rig,
              l ->
                  new DmaLimits(
                      l.dmaMaskBits(),
                      l.coherentMaskBits(),
                      l.busLimitAddr(),
                      l.maxSegmentSizeBytes(),
                      l.segmentBoundaryMask(),
                      OptionalLong.empty()));
      case COHERENCE -> devices(rig, d -> device(d, Optional.empty(), d.dmaLimits(), d.pci()));
      case DOMAIN_TYPE ->
          groups(rig, g -> new RigIommuGroup(g.id(), Optional.empty(), g.reserved()));
      case RESERVED_IOVA ->
          bridges(
              groups(rig, g -> new RigIommuGroup(g.id(), g.domainType(), List.of())),
              b -> new HostBridge(b.name(), List.of()));
      case CACHE_LINE -> cpu(rig);
      case MEMORY_MAP -> memoryless(rig);
      case BARS -> pci(rig, p -> function(p, p.acs(), List.of()));
      case PCI_TREE -> pci(rig, p -> function(p, Optional.empty(), p.bars()));
    };
  }

  private static RigManifest limits(RigManifest rig, UnaryOperator<DmaLimits> change) {
    return devices(rig, d -> device(d, d.coherent(), change.apply(d.dmaLimits()), d.pci()));
  }

  private static RigManifest pci(RigManifest rig, UnaryOperator<PciFunction> change) {
    return devices(rig, d -> device(d, d.coherent(), d.dmaLimits(), d.pci().map(change)));
  }

  private static RigDevice device(
      RigDevice d, Optional<Boolean> coherent, DmaLimits limits, Optional<PciFunction> pci) {
    return new RigDevice(
        d.name(),
        d.bus(),
        d.driver(),
        d.parent(),
        d.iommuGroup(),
        coherent,
        limits,
        pci,
        d.queues());
  }

  private static PciFunction function(
      PciFunction p, Optional<PciFunction.Acs> acs, List<PciFunction.Bar> bars) {
    return new PciFunction(
        p.vendorId(), p.deviceId(), p.classCode(), p.portType(), acs, bars, p.p2pMemory());
  }

  private static RigManifest devices(RigManifest rig, UnaryOperator<RigDevice> change) {
    return manifest(
        rig,
        rig.cpu(),
        rig.devices().stream().map(change).toList(),
        rig.iommuGroups(),
        rig.hostBridges());
  }

  private static RigManifest groups(RigManifest rig, UnaryOperator<RigIommuGroup> change) {
    return manifest(
        rig,
        rig.cpu(),
        rig.devices(),
        rig.iommuGroups().stream().map(change).toList(),
        rig.hostBridges());
  }

  private static RigManifest bridges(RigManifest rig, UnaryOperator<HostBridge> change) {
    return manifest(
        rig,
        rig.cpu(),
        rig.devices(),
        rig.iommuGroups(),
        rig.hostBridges().stream().map(change).toList());
  }

  private static RigManifest cpu(RigManifest rig) {
    Optional<RigCpu> cpu =
        rig.cpu()
            .map(
                c ->
                    new RigCpu(
                        c.vendor(), c.family(), c.model(), c.onlineCount(), OptionalInt.empty()));
    return manifest(rig, cpu, rig.devices(), rig.iommuGroups(), rig.hostBridges());
  }

  private static RigManifest memoryless(RigManifest rig) {
    return new RigManifest(
        rig.kernelRelease(),
        rig.commandLine(),
        rig.architecture(),
        rig.pageSizeBytes(),
        rig.cpu(),
        rig.devices(),
        rig.iommuGroups(),
        rig.hostBridges(),
        List.of(),
        rig.swiotlb(),
        rig.tracing());
  }

  private static RigManifest manifest(
      RigManifest rig,
      Optional<RigCpu> cpu,
      List<RigDevice> devices,
      List<RigIommuGroup> groups,
      List<HostBridge> bridges) {
    return new RigManifest(
        rig.kernelRelease(),
        rig.commandLine(),
        rig.architecture(),
        rig.pageSizeBytes(),
        cpu,
        devices,
        groups,
        bridges,
        rig.memoryMap(),
        rig.swiotlb(),
        rig.tracing());
  }

  /** What is known, in a word. */
  String describe() {
    if (isWhole()) {
      return "whole";
    }
    return rig.equals(RigManifest.UNKNOWN) ? "none" : "without " + hidden;
  }
}
