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
    on = Op.VIRTUAL_MAP,
    needs = Family.VIRTUAL_MAP,
    kernelSource = "kernel/dma/debug.c check_for_stack()",
    kernelMessage = "device driver maps memory from stack",
    confidenceNotes = "always certain: the recorder knows what lies at the address")
final class IllegalRegion implements Rule {
  @Override
  public void inspect(Transition t, Findings out) {
    VirtualMap map = (VirtualMap) t.probe();
    if (map.region() != Region.LINEAR) {
      out.report(
          this,
          "",
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
