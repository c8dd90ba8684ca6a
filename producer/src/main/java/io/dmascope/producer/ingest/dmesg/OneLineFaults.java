package io.dmascope.producer.ingest.dmesg;

import io.dmascope.producer.ingest.dmesg.FaultLine.Meaning;
import java.util.List;
import java.util.Locale;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** IOMMUs that tell a fault on one line. A new one is a line in the table. */
final class OneLineFaults extends FaultSource {
  /**
   * A form of message.
   *
   * @param sample one line, for the reader
   * @param kernel who prints it
   * @param pattern with the groups {@code addr} and, where the form has them, {@code device},
   *     {@code access}, {@code reason} and {@code code}
   * @param fault makes of the address and the groups what the form means
   */
  record Form(
      String sample,
      String kernel,
      Pattern pattern,
      BiFunction<FaultLine, Matcher, FaultLine> fault) {}

  private static final int SMMU_V2_FSYNR_WRITE = 0x10; // ARM_SMMU_CB_FSYNR0_WNR

  /** Translation, access flag and permission: ARM_SMMU_CB_FSR_TF, _AFF, _PF. */
  private static final int SMMU_V2_FSR_PAGE = 0x0e;

  static final List<Form> FORMS =
      List.of(
          new Form(
              "arm-smmu 5000000.iommu: Unhandled context fault: fsr=0x402, iova=0xfff00000,"
                  + " fsynr=0x11, cbfrsynra=0x409, cb=1",
              "drivers/iommu/arm/arm-smmu/arm-smmu.c arm_smmu_print_context_fault_info()",
              Pattern.compile(
                  "Unhandled context fault: fsr=0x(?<code>[0-9a-f]+),"
                      + " iova=0x(?<addr>[0-9a-f]{1,16}), fsynr=0x(?<access>[0-9a-f]{1,8})"),
              OneLineFaults::contextFault),
          new Form(
              "qcom-iommu-ctx 1e09000.iommu-ctx: Unhandled context fault: fsr=0x402, fsynr=0x11,"
                  + " iova=0x90000000, cb=1",
              "drivers/iommu/arm/arm-smmu/qcom_iommu.c qcom_iommu_fault()",
              Pattern.compile(
                  "Unhandled context fault: fsr=0x(?<code>[0-9a-f]+),"
                      + " fsynr=0x(?<access>[0-9a-f]{1,8}), iova=0x(?<addr>[0-9a-f]{1,16})"),
              OneLineFaults::contextFault),
          new Form(
              "virtio_iommu virtio1: page fault from EP 40 at 0xfffd4000 [W]",
              "drivers/iommu/virtio-iommu.c viommu_fault_handler()",
              Pattern.compile(
                  "(?<reason>page|domain|unknown) fault from EP \\d+ at"
                      + " (?:0x)?(?<addr>[0-9a-f]{1,16}) \\[(?<access>[RWX ]*)\\]"),
              (fault, m) ->
                  accessed(fault, m.group("access").contains("W"), m.group("access"))
                      .meaning(m.group("reason").equals("page") ? Meaning.PAGE : Meaning.NO_LOOKUP)
                      .because(m.group("reason") + " fault")),
          new Form(
              "riscv,iommu 0000:00:01.0: Fault 15 devid: 0x500 iotval: fffd4000 iotval2: 0",
              "drivers/iommu/riscv/iommu.c riscv_iommu_fault()",
              Pattern.compile(
                  "Fault (?<code>\\d{1,4}) devid: 0x[0-9a-f]+ iotval:"
                      + " (?:0x)?(?<addr>[0-9a-f]{1,16})"),
              OneLineFaults::riscv),
          new Form(
              "apple-dart 681008000.iommu: translation fault: status:0x80000002 stream:1 code:0x2"
                  + " (NO PTE FOR IOVA) at 0x2a0000",
              "drivers/iommu/apple-dart.c apple_dart_t8020_irq()",
              Pattern.compile(
                  "translation fault: status:0x[0-9a-f]+ stream:\\S+ code:0x[0-9a-f]+ "
                      + "\\((?<reason>[^)]*)\\) at (?:0x)?(?<addr>[0-9a-f]{1,16})"),
              OneLineFaults::dart),
          new Form(
              "rk_iommu 27920f00.iommu: Page fault at 0x00000000fffd4040 of type write",
              "drivers/iommu/rockchip-iommu.c rk_iommu_irq()",
              Pattern.compile(
                  "Page fault at (?:0x)?(?<addr>[0-9a-f]{1,16}) of type (?<access>read|write)"),
              (fault, m) -> fault.withAccess(m.group("access").equals("write"))),
          new Form(
              "mtk-iommu 14018000.iommu: fault type=0x5 iova=0xfffd4000 pa=0x0"
                  + " master=0x5000022(larb=1 port=2) layer=0 write",
              "drivers/iommu/mtk_iommu.c mtk_iommu_isr()",
              Pattern.compile(
                  "fault type=0x[0-9a-f]+ iova=(?:0x)?(?<addr>[0-9a-f]{1,16})"
                      + " pa=.*\\b(?<access>read|write)\\b"),
              (fault, m) -> fault.withAccess(m.group("access").equals("write"))),
          new Form(
              "exynos-sysmmu 14640000.sysmmu: 14450000.mixer: [READ] PAGE FAULT occurred at"
                  + " 0x20800000",
              "drivers/iommu/exynos-iommu.c show_fault_information()",
              Pattern.compile(
                  "sysmmu[^:]*: (?:(?<device>\\S+): )?\\[(?<access>READ|WRITE)\\] (?<reason>[A-Z"
                      + " -]+?) FAULT occurred at (?:0x)?(?<addr>[0-9a-f]{1,16})"),
              (fault, m) ->
                  (m.group("device") == null ? fault : fault.from(m.group("device"), ""))
                      .withAccess(m.group("access").equals("WRITE"))
                      .because(m.group("reason"))
                      .meaning(
                          m.group("reason").matches("PAGE|.*PROTECTION")
                              ? Meaning.PAGE
                              : Meaning.NO_LOOKUP)),
          new Form(
              "sun50i-iommu 30f0000.iommu: Page fault for 0x00000000ffd40000 (master 2, dir WR)",
              "drivers/iommu/sun50i-iommu.c sun50i_iommu_handle_pt_irq()",
              Pattern.compile(
                  "Page fault for (?:0x)?(?<addr>[0-9a-f]{1,16})"
                      + " \\(master \\d+, dir (?<access>RD|WR)\\)"),
              (fault, m) -> fault.withAccess(m.group("access").equals("WR"))),
          new Form(
              "tegra-mc 70019000.memory-controller: gpusrd: read @0x00000000fffd4000: EMEM address"
                  + " decode error (SMMU translation error [--S])",
              "drivers/memory/tegra/mc.c tegra30_mc_handle_irq()",
              Pattern.compile(
                  "\\S+: (?:secure ?)?(?<access>read|write) @(?:0x)?(?<addr>[0-9a-f]{1,16}):"
                      + " .*\\((?<reason>SMMU translation error|translation error)"),
              (fault, m) ->
                  fault.withAccess(m.group("access").equals("write")).because(m.group("reason"))),
          new Form(
              "omap-iommu 40d01000.mmu: 40d01000.mmu: errs:0x00000002 da:0xfffd4000 pgd:0x…"
                  + " *pgd:px…",
              "drivers/iommu/omap-iommu.c iommu_fault_handler()",
              Pattern.compile("errs:0x[0-9a-f]{8} da:0x(?<addr>[0-9a-f]{1,16})"),
              (fault, m) -> fault));

  @Override
  boolean accept(KernelLogLine line, Consumer<FaultLine> out) {
    for (Form form : FORMS) {
      Matcher matcher = form.pattern().matcher(line.text());
      if (matcher.find()) {
        FaultLine fault = FaultLine.of(line, address(matcher.group("addr")), "");
        out.accept(form.fault().apply(fault, matcher));
        return true;
      }
    }
    return false;
  }

  private static FaultLine contextFault(FaultLine fault, Matcher m) {
    long fsr = address(m.group("code"));
    boolean write = (address(m.group("access")) & SMMU_V2_FSYNR_WRITE) != 0;
    return fault
        .withAccess(write)
        .because("context fault, fsr=0x" + m.group("code"))
        .meaning((fsr & SMMU_V2_FSR_PAGE) != 0 ? Meaning.PAGE : Meaning.NO_LOOKUP);
  }

  private static FaultLine accessed(FaultLine fault, boolean write, String told) {
    return told.isBlank() ? fault : fault.withAccess(write);
  }

  /** Causes of the RISC-V IOMMU specification, section 3.2: 12, 13 and 15 are page faults. */
  private static FaultLine riscv(FaultLine fault, Matcher m) {
    FaultLine told = fault.because("cause " + m.group("code"));
    return switch (Integer.parseInt(m.group("code"))) {
      case 12, 13, 20, 21 -> told.withAccess(false);
      case 15, 23 -> told.withAccess(true);
      default -> told.meaning(Meaning.NO_LOOKUP);
    };
  }

  private static FaultLine dart(FaultLine fault, Matcher m) {
    String reason = m.group("reason").toUpperCase(Locale.ROOT);
    FaultLine told = fault.because(m.group("reason"));
    if (reason.contains("READ") || reason.contains("WRITE")) {
      return told.withAccess(reason.contains("WRITE"));
    }
    return reason.contains("PTE") || reason.contains("PMD")
        ? told
        : told.meaning(Meaning.NO_LOOKUP);
  }
}
