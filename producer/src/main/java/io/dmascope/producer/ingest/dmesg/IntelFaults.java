package io.dmascope.producer.ingest.dmesg;

import io.dmascope.producer.ingest.dmesg.FaultLine.Meaning;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Intel VT-d ({@code drivers/iommu/intel/dmar.c dmar_fault_do_one()}).
 *
 * <pre>
 * DMAR: [DMA Write NO_PASID] Request device [0000:00:0c.0] fault addr 0xffff8000 [fault reason 0x05] PTE …
 * DMAR: [DMA Write NO_PASID] Request device [0x04:0x00.0] fault addr 0x69974000 …            5.14
 * DMAR: [DMA Write] Request device [04:00.0] PASID ffffffff fault addr 69974000 …            5.13
 * DMAR:[DMA Write] Request device [00:02.0] fault addr 6df084000                    before 4.x
 * DMAR:[fault reason 05] PTE Write access is not set                                and its next line
 * DMAR: INTR-REMAP: Request device [00:1f.0] fault index 0x8000 [fault reason 0x22] …
 * </pre>
 */
final class IntelFaults extends FaultSource {
  private static final Pattern FAULT =
      Pattern.compile(
          "\\[DMA (Read|Write)(?: NO_PASID| PASID (?:0x)?([0-9a-f]+))?\\] Request device "
              + "\\[(?:([0-9a-f]{4}):)?(?:0x)?([0-9a-f]{2}):(?:0x)?([0-9a-f]{2})\\.([0-7])\\] "
              + "(?:PASID (?:0x)?([0-9a-f]+) )?fault addr (?:0x)?([0-9a-f]{1,16})\\b");
  private static final Pattern REASON =
      Pattern.compile("\\[?fault reason (0x)?([0-9a-f]{1,3})\\] ?(.*)");

  private static final String PASID_NONE_5_13 = "ffffffff";

  /** Access beyond the width of addresses, and page-table entries without the permission. */
  private static final int LEGACY_PAGE_FIRST = 0x04;

  private static final int LEGACY_PAGE_LAST = 0x06;

  /** A first-level paging entry that is not present; what follows is about paging entries, too. */
  private static final int SCALABLE_PAGE_FIRST = 0x71;

  /** From here on it is about the interrupt address range. */
  private static final int SCALABLE_PAGE_END = 0x90;

  @Override
  boolean accept(KernelLogLine line, Consumer<FaultLine> out) {
    String text = line.text();
    if (!text.contains("DMAR") && !text.contains("dmar") && !text.contains("fault reason")) {
      return false;
    }
    Matcher fault = FAULT.matcher(text);
    Matcher reason = REASON.matcher(text);
    boolean hasReason = reason.find();
    if (fault.find()) {
      FaultLine found = fault(line, fault);
      if (hasReason) {
        finish(out);
        out.accept(judged(found, reason));
      } else {
        hold(found, out);
      }
      return true;
    }
    if (hasReason && pending().isPresent()) {
      complete(judged(pending().get(), reason), out);
      return true;
    }
    // What else VT-d says of faults names no address that a device used.
    return text.contains("DRHD: handling fault") || text.contains("INTR-REMAP");
  }

  private static FaultLine fault(KernelLogLine line, Matcher fault) {
    String pasid = fault.group(2);
    String oldPasid = fault.group(7);
    boolean user = pasid != null || (oldPasid != null && !oldPasid.equals(PASID_NONE_5_13));
    return FaultLine.of(line, address(fault.group(8)), "")
        .from(pciName(fault.group(3), fault.group(4), fault.group(5), fault.group(6)), "")
        .withAccess(fault.group(1).equals("Write"))
        .meaning(user ? Meaning.USER_MEMORY : Meaning.PAGE);
  }

  /** Before 5.10 or so the reason's number was printed in decimal, later with 0x. */
  private static FaultLine judged(FaultLine fault, Matcher reason) {
    int code =
        reason.group(1) == null && reason.group(2).matches("\\d+")
            ? Integer.parseInt(reason.group(2))
            : Integer.parseInt(reason.group(2), 16);
    boolean aboutPage =
        (code >= LEGACY_PAGE_FIRST && code <= LEGACY_PAGE_LAST)
            || (code >= SCALABLE_PAGE_FIRST && code < SCALABLE_PAGE_END);
    FaultLine told = fault.because(reason.group(3).strip());
    return aboutPage || fault.meaning() == Meaning.USER_MEMORY
        ? told
        : told.meaning(Meaning.NO_LOOKUP);
  }
}
