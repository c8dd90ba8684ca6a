package io.dmascope.producer.ingest.dmesg;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Recognises the fault lines of Intel VT-d, AMD-Vi and Arm SMMU in a kernel log.
 *
 * <p>An SMMUv3 prints one fault on several lines, and older kernels only its raw words, so a fault
 * is known to be complete when the next line is no part of it: {@link #accept} returns the fault
 * that <em>ended before</em> the line, or the one on it; {@link #finish} returns the last.
 */
final class FaultParser {
  // DMAR: [DMA Write NO_PASID] Request device [0000:00:0c.0] fault addr 0xffff8000 [fault reason …
  // DMAR: [DMA Write NO_PASID] Request device [0x04:0x00.0] fault addr 0x69974000 …            5.14
  // DMAR: [DMA Write] Request device [04:00.0] PASID ffffffff fault addr 69974000 …            5.13
  // DMAR:[DMA Write] Request device [00:02.0] fault addr 6df084000                    before 4.x
  // (drivers/iommu/intel/dmar.c dmar_fault_do_one)
  private static final Pattern INTEL =
      Pattern.compile(
          "DMAR: ?\\[DMA (Read|Write)(?: NO_PASID| PASID (0x[0-9a-f]+))?\\] Request device "
              + "\\[(?:([0-9a-f]{4}):)?(?:0x)?([0-9a-f]{2}):(?:0x)?([0-9a-f]{2})\\.([0-7])\\] "
              + "(?:PASID ([0-9a-f]+) )?fault addr (?:0x)?([0-9a-f]{1,16})\\b.*");

  // nvme 0000:03:00.0: AMD-Vi: Event logged [IO_PAGE_FAULT domain=0x000f address=0x… flags=0x0020]
  // AMD-Vi: Event logged [IO_PAGE_FAULT device=0000:07:00.0 domain=0x0007 address=0x… flags=0x0000]
  // (drivers/iommu/amd/iommu.c amd_iommu_report_page_fault)
  private static final Pattern AMD =
      Pattern.compile(
          "(?:(\\S+) (\\S+): )?AMD-Vi: Event logged \\[IO_PAGE_FAULT "
              + "(?:device=(?:([0-9a-f]{4}):)?([0-9a-f]{2}):([0-9a-f]{2})\\.([0-7]) )?"
              + "domain=0x[0-9a-f]+ address=0x([0-9a-f]{1,16}) flags=0x([0-9a-f]{1,4})\\].*");

  private static final int AMD_FLAG_INTERRUPT = 0x008; // EVENT_FLAG_I: no memory transaction
  private static final int AMD_FLAG_WRITE = 0x020; // EVENT_FLAG_RW

  // arm-smmu-v3 arm-smmu-v3.0.auto: event 0x10 received:
  // arm-smmu-v3 arm-smmu-v3.0.auto:         0x0000010000000010              four of them
  // arm-smmu-v3 arm-smmu-v3.0.auto: event: F_TRANSLATION client: 0000:01:00.0 sid: 0x100 ssid: 0x0
  //                                 iova: 0xfff00000 ipa: 0x0                       one line, 6.15+
  // arm-smmu-v3 arm-smmu-v3.0.auto: unpriv data write s1 "Input address caused fault" stag: 0x0
  // (drivers/iommu/arm/arm-smmu-v3/arm-smmu-v3.c arm_smmu_dump_event)
  private static final Pattern SMMU = Pattern.compile("arm-smmu-v3 (\\S+): (.*)");
  private static final Pattern SMMU_RAW = Pattern.compile("event 0x([0-9a-f]{2}) received:");
  private static final Pattern SMMU_WORD = Pattern.compile("\\s*0x([0-9a-f]{16})");
  private static final Pattern SMMU_DECODED =
      Pattern.compile(
          "event: F_[A-Z_]+ client: (.+?) sid: \\S+ ssid: (?:0x)?([0-9a-f]{1,8}) "
              + "iova: (?:0x)?([0-9a-f]{1,16}) ipa: .*");
  private static final Pattern SMMU_ACCESS =
      Pattern.compile("(?:un)?priv (?:data|inst) (read|write) s[12] .*");

  // arm-smmu 5000000.iommu: Unhandled context fault: fsr=0x402, iova=0xfff00000, fsynr=0x11, cb=1
  // (drivers/iommu/arm/arm-smmu/arm-smmu.c)
  private static final Pattern SMMU_V2 =
      Pattern.compile(
          "arm-smmu \\S+: Unhandled context fault: fsr=0x[0-9a-f]+, "
              + "iova=0x([0-9a-f]{1,16}), fsynr=0x([0-9a-f]{1,8}),.*");

  private static final int SMMU_V2_FSYNR_WRITE = 0x10; // ARM_SMMU_CB_FSYNR0_WNR

  private static final String PASID_NONE_5_13 = "ffffffff";

  private long withPasid;
  private Optional<FaultLine> pending = Optional.empty();
  private SmmuRecord raw;

  /** Faults of an address space of user memory, which are none of the DMA API. */
  long withPasid() {
    return withPasid;
  }

  Optional<FaultLine> accept(KernelLogLine line) {
    Matcher smmu = SMMU.matcher(line.text());
    if (smmu.matches()) {
      return smmuLine(line, smmu.group(1), smmu.group(2));
    }
    Optional<FaultLine> single = singleLine(line);
    if (single.isEmpty()) {
      return finish();
    }
    Optional<FaultLine> ended = finish();
    if (ended.isEmpty()) {
      return single;
    }
    pending = single;
    return ended;
  }

  Optional<FaultLine> finish() {
    if (raw != null) {
      SmmuRecord record = raw;
      raw = null;
      return record.fault();
    }
    Optional<FaultLine> ended = pending;
    pending = Optional.empty();
    return ended;
  }

  private Optional<FaultLine> singleLine(KernelLogLine line) {
    String text = line.text();
    if (text.contains("DMAR:")) {
      return intel(line, INTEL.matcher(text));
    }
    if (text.contains("AMD-Vi:")) {
      return amd(line, AMD.matcher(text));
    }
    return text.startsWith("arm-smmu ") ? smmuV2(line, SMMU_V2.matcher(text)) : Optional.empty();
  }

  private Optional<FaultLine> intel(KernelLogLine line, Matcher fault) {
    if (!fault.matches()) {
      return Optional.empty();
    }
    String oldPasid = fault.group(7);
    if (fault.group(2) != null || (oldPasid != null && !oldPasid.equals(PASID_NONE_5_13))) {
      withPasid++;
      return Optional.empty();
    }
    String device = pciName(fault.group(3), fault.group(4), fault.group(5), fault.group(6));
    boolean write = fault.group(1).equals("Write");
    return Optional.of(fault(line, device, "", address(fault.group(8)), 0, true, write));
  }

  private static Optional<FaultLine> amd(KernelLogLine line, Matcher fault) {
    if (!fault.matches()) {
      return Optional.empty();
    }
    int flags = Integer.parseInt(fault.group(8), 16);
    if ((flags & AMD_FLAG_INTERRUPT) != 0) {
      return Optional.empty();
    }
    boolean named = fault.group(4) != null;
    String device =
        named
            ? pciName(fault.group(3), fault.group(4), fault.group(5), fault.group(6))
            : text(fault.group(2));
    String driver = named ? "" : text(fault.group(1));
    boolean write = (flags & AMD_FLAG_WRITE) != 0;
    return Optional.of(
        fault(line, device, driver, address(fault.group(7)), write ? 1 : 0, true, write));
  }

  private static Optional<FaultLine> smmuV2(KernelLogLine line, Matcher fault) {
    if (!fault.matches()) {
      return Optional.empty();
    }
    boolean write = (Integer.parseUnsignedInt(fault.group(2), 16) & SMMU_V2_FSYNR_WRITE) != 0;
    return Optional.of(fault(line, "", "", address(fault.group(1)), 0, true, write));
  }

  private Optional<FaultLine> smmuLine(KernelLogLine line, String smmu, String text) {
    Matcher word = SMMU_WORD.matcher(text);
    if (word.matches() && raw != null && raw.smmu.equals(smmu)) {
      raw.add(address(word.group(1)));
      return Optional.empty();
    }
    Matcher decoded = SMMU_DECODED.matcher(text);
    if (decoded.matches()) {
      boolean sameEvent = raw != null && raw.smmu.equals(smmu);
      Optional<FaultLine> ended = sameEvent ? Optional.empty() : finish();
      raw = null;
      pending = decoded(line, decoded);
      return ended;
    }
    Matcher access = SMMU_ACCESS.matcher(text);
    if (access.matches() && pending.isPresent()) {
      FaultLine whole = pending.get().withAccess(access.group(1).equals("write"));
      pending = Optional.empty();
      return Optional.of(whole);
    }
    Optional<FaultLine> ended = finish();
    Matcher head = SMMU_RAW.matcher(text);
    if (head.matches()) {
      raw = new SmmuRecord(line, smmu, Integer.parseInt(head.group(1), 16));
    }
    return ended;
  }

  private Optional<FaultLine> decoded(KernelLogLine line, Matcher decoded) {
    if (address(decoded.group(2)) != 0) {
      withPasid++;
      return Optional.empty();
    }
    String client = decoded.group(1).startsWith("(") ? "" : decoded.group(1);
    return Optional.of(fault(line, client, "", address(decoded.group(3)), 0, false, false));
  }

  private static FaultLine fault(
      KernelLogLine line,
      String device,
      String driver,
      long iova,
      int flags,
      boolean accessKnown,
      boolean write) {
    return new FaultLine(
        line.place(), line.stampNs(), device, driver, iova, flags, accessKnown, write);
  }

  private static String pciName(String domain, String bus, String slot, String function) {
    return "%s:%s:%s.%s".formatted(domain == null ? "0000" : domain, bus, slot, function);
  }

  private static String text(String group) {
    return group == null ? "" : group;
  }

  private static long address(String hex) {
    return Long.parseUnsignedLong(hex, 16);
  }

  /** The raw words of one event record, while they are read. */
  private final class SmmuRecord {
    /* Words of an event (drivers/iommu/arm/arm-smmu-v3/arm-smmu-v3.h, EVTQ_*): word 0 has the
     * event's id in its low byte, "substream valid" in bit 11; word 1 has "read, not write" in
     * bit 35; word 2 is the input address. The stream id in the upper half of word 0 is no device
     * name, so the fault names none. */
    private static final int FIRST_TRANSLATION_FAULT = 0x10; // F_TRANSLATION
    private static final int LAST_TRANSLATION_FAULT = 0x13; // F_PERMISSION
    private static final long SUBSTREAM_VALID = 1L << 11;
    private static final long READ_NOT_WRITE = 1L << 35;

    private final KernelLogLine line;
    private final String smmu;
    private final int id;
    private final long[] words = new long[4];
    private int size;

    SmmuRecord(KernelLogLine line, String smmu, int id) {
      this.line = line;
      this.smmu = smmu;
      this.id = id;
    }

    void add(long word) {
      if (size < words.length) {
        words[size++] = word;
      }
    }

    Optional<FaultLine> fault() {
      if (size < 3 || id < FIRST_TRANSLATION_FAULT || id > LAST_TRANSLATION_FAULT) {
        return Optional.empty();
      }
      if ((words[0] & SUBSTREAM_VALID) != 0) {
        withPasid++;
        return Optional.empty();
      }
      boolean write = (words[1] & READ_NOT_WRITE) == 0;
      return Optional.of(FaultParser.fault(line, "", "", words[2], 0, true, write));
    }
  }
}
