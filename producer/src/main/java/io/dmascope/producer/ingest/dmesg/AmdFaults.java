package io.dmascope.producer.ingest.dmesg;

import io.dmascope.producer.ingest.dmesg.FaultLine.Meaning;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * AMD-Vi ({@code drivers/iommu/amd/iommu.c amd_iommu_report_page_fault()}, {@code
 * iommu_print_event()}).
 *
 * <pre>
 * nvme 0000:03:00.0: AMD-Vi: Event logged [IO_PAGE_FAULT domain=0x000f address=0x… flags=0x0020]
 * AMD-Vi: Event logged [IO_PAGE_FAULT device=0000:07:00.0 domain=0x0007 address=0x… flags=0x0000]
 * AMD-Vi: Event logged [                                                  before 4.20, in two parts
 * IO_PAGE_FAULT device=05:00.0 domain=0x0012 address=0x00000000fffd4000 flags=0x0070]
 * AMD-Vi: Event logged [ILLEGAL_DEV_TABLE_ENTRY device=0000:00:00.0 pasid=0x00000 address=0x… flags=0x0a00]
 * </pre>
 */
final class AmdFaults extends FaultSource {
  private static final Pattern EVENT =
      Pattern.compile(
          "(?:(\\S+) (\\S+): AMD-Vi: Event logged \\[)?\\b([A-Z]{2,}_[A-Z_]{3,}) "
              + "(?:device=(?:([0-9a-f]{4}):)?([0-9a-f]{2}):([0-9a-f]{2})\\.([0-7]) )?"
              + "(?:domain=0x[0-9a-f]+ |pasid=0x[0-9a-f]+ )?"
              + "address=(?:0x)?([0-9a-f]{1,16})(?: flags=0x([0-9a-f]{1,4}))?");

  private static final String PAGE_FAULT = "IO_PAGE_FAULT";

  /** The address is a process's own, and what is printed as the domain is its PASID. */
  private static final int FLAG_GUEST = 0x001;

  private static final int FLAG_INTERRUPT = 0x008; // EVENT_FLAG_I: no memory transaction
  private static final int FLAG_WRITE = 0x020; // EVENT_FLAG_RW

  private boolean begun;

  @Override
  boolean accept(KernelLogLine line, Consumer<FaultLine> out) {
    String text = line.text();
    boolean ours = text.contains("AMD-Vi");
    Matcher event = EVENT.matcher(text);
    if ((ours || begun) && event.find()) {
      begun = false;
      fault(line, event).ifPresent(out);
      return true;
    }
    if (ours) {
      begun = text.endsWith("Event logged [");
    }
    return begun;
  }

  private static Optional<FaultLine> fault(KernelLogLine line, Matcher event) {
    int flags = event.group(9) == null ? 0 : Integer.parseInt(event.group(9), 16);
    if (event.group(3).equals(PAGE_FAULT) && (flags & FLAG_INTERRUPT) != 0) {
      return Optional.empty();
    }
    boolean named = event.group(5) != null;
    String device =
        named
            ? pciName(event.group(4), event.group(5), event.group(6), event.group(7))
            : text(event.group(2));
    FaultLine fault =
        FaultLine.of(line, address(event.group(8)), event.group(3))
            .from(device, named ? "" : text(event.group(1)));
    if (!event.group(3).equals(PAGE_FAULT)) {
      return Optional.of(fault.meaning(Meaning.NO_LOOKUP));
    }
    boolean write = (flags & FLAG_WRITE) != 0;
    return Optional.of(
        fault
            .withFlags(write ? 1 : 0)
            .withAccess(write)
            .meaning((flags & FLAG_GUEST) != 0 ? Meaning.USER_MEMORY : Meaning.PAGE));
  }

  private static String text(String group) {
    return group == null ? "" : group;
  }
}
