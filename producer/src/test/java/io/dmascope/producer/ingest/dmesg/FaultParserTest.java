package io.dmascope.producer.ingest.dmesg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.dmascope.producer.ingest.dmesg.FaultLine.Meaning;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FaultParserTest {
  private static final OptionalLong AT = OptionalLong.of(1_000_000_000L);

  private final FaultParser parser = new FaultParser();

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "DMAR: [DMA Write NO_PASID] Request device [0000:00:0c.0] fault addr 0xffff8000"
            + " [fault reason 0x05] PTE Write access is not set|0000:00:0c.0||ffff8000|0|true",
        "DMAR: [DMA Read NO_PASID] Request device [00:0a.0] fault addr 0xffe00000"
            + " [fault reason 0x06] PTE Read access is not set|0000:00:0a.0||ffe00000|0|false",
        "DMAR: [DMA Write NO_PASID] Request device [0x04:0x00.0] fault addr 0x69974000"
            + " [fault reason 0x05] PTE Write access is not set|0000:04:00.0||69974000|0|true",
        "DMAR: [DMA Write] Request device [04:00.0] PASID ffffffff fault addr 69974000"
            + " [fault reason 05] PTE Write access is not set|0000:04:00.0||69974000|0|true",
        "DMAR:[DMA Write] Request device [00:02.0] fault addr 6df084000"
            + "|0000:00:02.0||6df084000|0|true",
        "DMAR: [DMA Read NO_PASID] Request device [0001:81:00.7] fault addr 0xffffffffffffd000"
            + " [fault reason 0x79] SM: Read/Write"
            + " permission|0001:81:00.7||ffffffffffffd000|0|false",
        "amdgpu 0000:04:00.0: AMD-Vi: Event logged [IO_PAGE_FAULT domain=0x0000"
            + " address=0x10b4c0000 flags=0x0070]|0000:04:00.0|amdgpu|10b4c0000|1|true",
        "pci 0000:04:00.0: AMD-Vi: Event logged [IO_PAGE_FAULT domain=0x0007"
            + " address=0xffffc02000 flags=0x0000]|0000:04:00.0|pci|ffffc02000|0|false",
        "AMD-Vi: Event logged [IO_PAGE_FAULT device=0a:00.0 domain=0x001d"
            + " address=0x000000000637c000 flags=0x0000]|0000:0a:00.0||637c000|0|false",
        "AMD-Vi: Event logged [IO_PAGE_FAULT device=0001:0a:00.0 domain=0x001d"
            + " address=0x637c000 flags=0x0020]|0001:0a:00.0||637c000|1|true",
        "arm-smmu 5000000.iommu: Unhandled context fault: fsr=0x402, iova=0xfff00000,"
            + " fsynr=0x11, cbfrsynra=0x100, cb=1|||fff00000|0|true",
      })
  void faultOnOneLine_isReadWhole(
      String line, String device, String driver, String iova, int flags, boolean write) {
    FaultLine fault = only(line);

    assertThat(fault.place()).isEqualTo(1);
    assertThat(fault.stampNs()).isEqualTo(AT);
    assertThat(fault.device()).isEqualTo(device == null ? "" : device);
    assertThat(fault.driver()).isEqualTo(driver == null ? "" : driver);
    assertThat(fault.iova()).isEqualTo(Long.parseUnsignedLong(iova, 16));
    assertThat(fault.flags()).isEqualTo(flags);
    assertThat(fault.accessKnown()).isTrue();
    assertThat(fault.write()).isEqualTo(write);
    assertThat(fault.meaning()).isEqualTo(Meaning.PAGE);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "DMAR: DRHD: handling fault status reg 2",
        "DMAR: [INTR-REMAP] Request device [f0:1f.7] fault index 0x0 [fault reason 0x22] Present",
        "AMD-Vi: Event logged [IO_PAGE_FAULT device=0a:00.0 domain=0x001d address=0xfee00000"
            + " flags=0x0008]",
        "DMAR: [DMA Write NO_PASID] Request device [00:0c.0] fault addr 0xzz",
        "DMAR: [DMA Write NO_PASID] Request device [00:0c.0] fault addr 0x12345678123456789",
        "nvme nvme0: 4/0/0 default/read/poll queues",
      })
  void lineThatIsNoDmaFault_isIgnored(String line) {
    assertThat(faults(line)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "DMAR: [DMA Write PASID 0x1] Request device [00:0c.0] fault addr 0xffff8000 [f",
        "DMAR: [DMA Write] Request device [00:0c.0] PASID 5 fault addr ffff8000 [f",
        "arm-smmu-v3 a: event: F_TRANSLATION client: 0000:01:00.0 sid: 0x100 ssid: 0x3"
            + " iova: 0xfff00000 ipa: 0x0",
        "amdxdna 0000:05:00.0: AMD-Vi: Event logged [IO_PAGE_FAULT domain=0x0003"
            + " address=0x7f41c2a36000 flags=0x0021]"
      })
  void faultOfAProcess_isNoneOfMappings(String line) {
    assertThat(only(line).meaning()).isEqualTo(Meaning.USER_MEMORY);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "DMAR: [DMA Read NO_PASID] Request device [05:00.0] fault addr 0x9a104000"
            + " [fault reason 0x02] Present bit in context entry is clear",
        "DMAR: [DMA Read] Request device [05:00.0] fault addr 9a104000 [fault reason 01] Present",
        "DMAR: [DMA Read NO_PASID] Request device [05:00.0] fault addr 0x9a104000"
            + " [fault reason 0x59] SM: Present bit in PASID table entry is clear",
        "AMD-Vi: Event logged [ILLEGAL_DEV_TABLE_ENTRY device=0a:00.0 pasid=0x0 address=0xfff0"
            + " flags=0x0080]",
        "arm-smmu-v3 arm-smmu-v3.0.auto: event: C_BAD_STE client: 0000:01:00.0 sid: 0x100 ssid:"
            + " 0x0",
        "virtio_iommu virtio1: domain fault from EP 40 at 0xfffd4000 [R]",
        "riscv,iommu 0000:00:01.0: Fault 258 devid: 0x500 iotval: fffd4000 iotval2: 0",
        "apple-dart 681008000.iommu: translation fault: status:0x80000008 stream:0 code:0x8"
            + " (NO TTBR FOR IOVA) at 0x2a0000"
      })
  void refusalBeforeAnyPage_saysNothingAboutMappings(String line) {
    assertThat(only(line).meaning()).isEqualTo(Meaning.NO_LOOKUP);
    assertThat(only(line).reason()).isNotEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "rk_iommu 27920f00.iommu: Page fault at 0x00000000fffd4040 of type write|fffd4040|true",
        "virtio_iommu virtio1: page fault from EP 40 at 0xfffd4000 [W]|fffd4000|true",
        "mtk-iommu 14018000.iommu: fault type=0x5 iova=0xfffd4000 pa=0x0 master=0x5000022(larb=1"
            + " port=2) layer=0 read|fffd4000|false",
        "riscv,iommu 0000:00:01.0: Fault 15 devid: 0x500 iotval: fffd4000 iotval2: 0|fffd4000|true",
        "qcom-iommu-ctx 1e09000.iommu-ctx: Unhandled context fault: fsr=0x402, fsynr=0x1,"
            + " iova=0x90000000, cb=1|90000000|false",
        "exynos-sysmmu 14640000.sysmmu: 14450000.mixer: [READ] PAGE FAULT occurred at"
            + " 0x20800000|20800000|false"
      })
  void otherIommus_areReadToo(String line, String iova, boolean write) {
    FaultLine fault = only(line);

    assertThat(fault.iova()).isEqualTo(Long.parseUnsignedLong(iova, 16));
    assertThat(fault.accessKnown()).isTrue();
    assertThat(fault.write()).isEqualTo(write);
    assertThat(fault.meaning()).isEqualTo(Meaning.PAGE);
  }

  @Test
  void everyForm_readsItsSample() {
    for (OneLineFaults.Form form : OneLineFaults.FORMS) {
      assertThat(faults(form.sample())).as(form.sample()).hasSize(1);
      assertThat(form.kernel()).as(form.sample()).matches("drivers/\\S+\\.c \\w+\\(\\)");
    }
  }

  @Test
  void messageInTwoLines_isOneFault() {
    assertThat(
            only(
                    "DMAR:[DMA Write] Request device [00:02.0] fault addr 6df084000",
                    "DMAR:[fault reason 02] Present bit in context entry is clear")
                .meaning())
        .isEqualTo(Meaning.NO_LOOKUP);
    assertThat(
            only(
                    "AMD-Vi: Event logged [",
                    "IO_PAGE_FAULT device=05:00.0 domain=0x0012 address=0x00000000fffd4000"
                        + " flags=0x0070]")
                .device())
        .isEqualTo("0000:05:00.0");
  }

  @Test
  void whatLooksLikeAFaultAndIsOfNoKnownForm_isCounted() {
    assertThat(faults("shiny-iommu 1000.iommu: fault! master 7 touched 0xfffd4000")).isEmpty();
    assertThat(parser.notUnderstood()).isEqualTo(1);
    assertThat(parser.firstNotUnderstood().orElseThrow().place()).isEqualTo(1);
  }

  @Test
  void smmuV3Fault_ofSixLines_isOneFaultWithDeviceAndAccess() {
    assertThat(
            faults(
                "arm-smmu-v3 arm-smmu-v3.0.auto: event 0x10 received:",
                "arm-smmu-v3 arm-smmu-v3.0.auto: \t0x0000010000000010",
                "arm-smmu-v3 arm-smmu-v3.0.auto: \t0x0000020800000000",
                "arm-smmu-v3 arm-smmu-v3.0.auto: \t0x00000000fff00000",
                "arm-smmu-v3 arm-smmu-v3.0.auto: \t0x0000000000000000",
                "arm-smmu-v3 arm-smmu-v3.0.auto: event: F_TRANSLATION client: 0000:01:00.0"
                    + " sid: 0x100 ssid: 0x0 iova: 0xfff00000 ipa: 0x0",
                "arm-smmu-v3 arm-smmu-v3.0.auto: unpriv data write s1"
                    + " \"Input address caused fault\" stag: 0x0",
                "something else"))
        .singleElement()
        .satisfies(
            fault -> {
              assertThat(fault.device()).isEqualTo("0000:01:00.0");
              assertThat(fault.iova()).isEqualTo(0xfff00000L);
              assertThat(fault.write()).isTrue();
              assertThat(fault.reason()).isEqualTo("F_TRANSLATION: Input address caused fault");
            });
  }

  @Test
  void smmuV3Fault_ofRawWordsOnly_namesNoDevice() {
    assertThat(
            faults(
                "arm-smmu-v3 arm-smmu-v3.0.auto: event 0x10 received:",
                "arm-smmu-v3 arm-smmu-v3.0.auto: \t0x0000010000000010",
                "arm-smmu-v3 arm-smmu-v3.0.auto: \t0x0000020800000000",
                "arm-smmu-v3 arm-smmu-v3.0.auto: \t0x00000000fff00000",
                "arm-smmu-v3 arm-smmu-v3.0.auto: \t0x0000000000000000"))
        .singleElement()
        .satisfies(
            fault -> {
              assertThat(fault.device()).isEmpty();
              assertThat(fault.iova()).isEqualTo(0xfff00000L);
              assertThat(fault.accessKnown()).isTrue();
              assertThat(fault.write()).isFalse();
            });
  }

  @Test
  void smmuV3Fault_withOtherLinesAndAnotherSmmuInBetween_isWhole() {
    assertThat(
            faults(
                "arm-smmu-v3 a: event 0x10 received:",
                "arm-smmu-v3 a: \t0x0000050000000010",
                "nvme nvme1: I/O tag 77 timeout, aborting",
                "arm-smmu-v3 b: event 0x13 received:",
                "arm-smmu-v3 a: \t0x0000020000000000",
                "arm-smmu-v3 b: \t0x0000060000000013",
                "arm-smmu-v3 a: \t0x00000000fffd4000",
                "arm-smmu-v3 b: \t0x0000020000000000",
                "arm-smmu-v3 b: \t0x00000000fffe0000"))
        .extracting(FaultLine::iova)
        .containsExactlyInAnyOrder(0xfffd4000L, 0xfffe0000L);
  }

  @Test
  void smmuV3Event_thatIsNoTranslationFault_saysNothingAboutMappings() {
    assertThat(
            only(
                    "arm-smmu-v3 arm-smmu-v3.0.auto: event 0x02 received:",
                    "arm-smmu-v3 arm-smmu-v3.0.auto: \t0x0000010000000002",
                    "arm-smmu-v3 arm-smmu-v3.0.auto: \t0x0000000000000000",
                    "arm-smmu-v3 arm-smmu-v3.0.auto: \t0x0000000000000000",
                    "arm-smmu-v3 arm-smmu-v3.0.auto: \t0x0000000000000000")
                .meaning())
        .isEqualTo(Meaning.NO_LOOKUP);
  }

  @Test
  void smmuV3Fault_cutOffByAnotherFault_losesNeither() {
    assertThat(
            faults(
                "arm-smmu-v3 a: event: F_PERMISSION client: (unassigned sid) sid: 0x100 ssid: 0x0"
                    + " iova: 0x1000 ipa: 0x0",
                "DMAR: [DMA Read NO_PASID] Request device [00:0a.0] fault addr 0x2000 [f"))
        .extracting(FaultLine::iova, FaultLine::accessKnown)
        .containsExactlyInAnyOrder(tuple(0x1000L, false), tuple(0x2000L, true));
  }

  private List<FaultLine> faults(String... lines) {
    List<FaultLine> faults = new ArrayList<>();
    long place = 0;
    for (String line : lines) {
      parser.accept(new KernelLogLine(++place, AT, line), faults::add);
    }
    parser.finish(faults::add);
    return faults;
  }

  private FaultLine only(String... lines) {
    List<FaultLine> faults = faults(lines);
    assertThat(faults).hasSize(1);
    return faults.getFirst();
  }
}
