package io.dmascope.producer.ingest.dmesg;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
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
            + " [fault reason 0x59] SM: Present bit in PA|0001:81:00.7||ffffffffffffd000|0|false",
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
    assertThat(faults(line))
        .containsExactly(
            new FaultLine(
                1,
                AT,
                device == null ? "" : device,
                driver == null ? "" : driver,
                Long.parseUnsignedLong(iova, 16),
                flags,
                true,
                write));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "DMAR: DRHD: handling fault status reg 2",
        "DMAR: [INTR-REMAP] Request device [f0:1f.7] fault index 0x0 [fault reason 0x22] Present",
        "AMD-Vi: Event logged [IO_PAGE_FAULT device=0a:00.0 domain=0x001d address=0xfee00000"
            + " flags=0x0008]",
        "AMD-Vi: Event logged [ILLEGAL_DEV_TABLE_ENTRY device=0a:00.0 pasid=0x0 address=0x0"
            + " flags=0x0080]",
        "DMAR: [DMA Write NO_PASID] Request device [00:0c.0] fault addr 0xzz",
        "DMAR: [DMA Write NO_PASID] Request device [00:0c.0] fault addr 0x12345678123456789",
        "arm-smmu-v3 arm-smmu-v3.0.auto: event: C_BAD_STE client: 0000:01:00.0 sid: 0x100 ssid: 0x0",
        "nvme nvme0: 4/0/0 default/read/poll queues",
      })
  void lineThatIsNoDmaFault_isIgnored(String line) {
    assertThat(faults(line)).isEmpty();
  }

  @Test
  void faultOfAUserAddressSpace_isCountedOnly() {
    assertThat(
            faults(
                "DMAR: [DMA Write PASID 0x1] Request device [00:0c.0] fault addr 0xffff8000 [f",
                "DMAR: [DMA Write] Request device [00:0c.0] PASID 5 fault addr ffff8000 [f",
                "arm-smmu-v3 a: event: F_TRANSLATION client: 0000:01:00.0 sid: 0x100 ssid: 0x3"
                    + " iova: 0xfff00000 ipa: 0x0"))
        .isEmpty();
    assertThat(parser.withPasid()).isEqualTo(3);
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
        .containsExactly(new FaultLine(6, AT, "0000:01:00.0", "", 0xfff00000L, 0, true, true));
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
        .containsExactly(new FaultLine(1, AT, "", "", 0xfff00000L, 0, true, false));
  }

  @Test
  void smmuV3Event_thatIsNoTranslationFault_isIgnored() {
    assertThat(
            faults(
                "arm-smmu-v3 arm-smmu-v3.0.auto: event 0x02 received:",
                "arm-smmu-v3 arm-smmu-v3.0.auto: \t0x0000010000000002",
                "arm-smmu-v3 arm-smmu-v3.0.auto: \t0x0000000000000000",
                "arm-smmu-v3 arm-smmu-v3.0.auto: \t0x0000000000000000",
                "arm-smmu-v3 arm-smmu-v3.0.auto: \t0x0000000000000000"))
        .isEmpty();
  }

  @Test
  void smmuV3Fault_cutOffByAnotherFault_losesNeither() {
    assertThat(
            faults(
                "arm-smmu-v3 a: event: F_PERMISSION client: (unassigned sid) sid: 0x100 ssid: 0x0"
                    + " iova: 0x1000 ipa: 0x0",
                "DMAR: [DMA Read NO_PASID] Request device [00:0a.0] fault addr 0x2000 [f"))
        .extracting(FaultLine::iova, FaultLine::accessKnown)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple(0x1000L, false),
            org.assertj.core.groups.Tuple.tuple(0x2000L, true));
  }

  private List<FaultLine> faults(String... lines) {
    List<FaultLine> faults = new ArrayList<>();
    long place = 0;
    for (String line : lines) {
      Optional<FaultLine> fault = parser.accept(new KernelLogLine(++place, AT, line));
      fault.ifPresent(faults::add);
    }
    parser.finish().ifPresent(faults::add);
    return faults;
  }
}
