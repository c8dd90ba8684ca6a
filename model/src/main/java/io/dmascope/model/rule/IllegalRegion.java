package io.dmascope.model.rule;

import io.dmascope.model.event.ProbeEvent.VirtualMap;
import io.dmascope.model.event.ProbeEvent.VirtualMap.Region;
import io.dmascope.model.finding.Severity;
import io.dmascope.model.mapping.Addresses;
import io.dmascope.model.mapping.EventCounts.Family;
import io.dmascope.model.mapping.Op;
import io.dmascope.model.mapping.Transition;
import java.util.List;
import java.util.Locale;

/** DMA-MAP-017: memory that a device may touch comes from the linear map. */
@RuleInfo(
    id = "DMA-MAP-017",
    title = "memory mapped that no device may touch",
    severity = Severity.ERROR,
    on = {Op.VIRTUAL_MAP, Op.MAP, Op.MAP_SG},
    needs = {Family.VIRTUAL_MAP, Family.SINGLE, Family.SG},
    facts = Fact.MEMORY_MAP,
    factsFor = {Family.SINGLE, Family.SG},
    kernelSource = "kernel/dma/debug.c check_for_stack()",
    kernelMessage = "device driver maps memory from kernel text or rodata [addr=%p] [len=%lu]",
    confidenceNotes =
        "always certain: the probe recorder knows what lies at a virtual address, and the"
            + " manifest's memory map where the kernel's code and constants are. By the map, whole"
            + " pages of constants that a device only reads are not reported: since kernel 7.x the"
            + " shared page of zeroes is one")
final class IllegalRegion implements Rule {
  @Override
  public void inspect(Transition t, Findings out) {
    if (t.op() != Op.VIRTUAL_MAP) {
      KernelImage.inspect(this, t, out);
      return;
    }
    VirtualMap map = (VirtualMap) t.probe();
    if (map.region() != Region.LINEAR) {
      out.report(
          this,
          List.of(),
          "maps %s [addr=%s] [size=%s]"
              .formatted(
                  words(map.region()),
                  Addresses.hex(map.cpuAddr()),
                  Long.toUnsignedString(map.sizeBytes())),
          List.of());
    }
  }

  private static String words(Region region) {
    return switch (region) {
      case LINEAR, STACK, VMALLOC, KMAP -> region.name().toLowerCase(Locale.ROOT) + " memory";
      case TEXT -> "the kernel's code";
      case RODATA -> "the kernel's read-only data";
      case INVALID -> "what is no memory";
    };
  }
}
