package io.dmascope.producer.ingest.dmesg;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class VerdictParserTest {
  @Test
  void dmaDebugMessage_isReadWithItsDetailsAndSite() throws IOException {
    assertThat(
            verdicts(
                """
                [   15.432800] ------------[ cut here ]------------
                [   15.432899] DMA-API: dmamisuse 0000:00:0c.0: device driver frees DMA memory with \
                different size [device address=0x00000000ffffe000] [map size=8192 bytes] \
                [unmap size=4096 bytes]
                [   15.432950] WARNING: CPU: 3 PID: 73 at kernel/dma/debug.c:987 check_unmap+0x4c3/0x910
                [   15.433000] Modules linked in: dmamisuse(O)
                """))
        .singleElement()
        .satisfies(
            verdict -> {
              assertThat(verdict.check()).contains(DmaDebugCheck.D3);
              assertThat(verdict.driver()).isEqualTo("dmamisuse");
              assertThat(verdict.device()).isEqualTo("0000:00:0c.0");
              assertThat(verdict.dmaAddr()).hasValue(0xffffe000L);
              assertThat(verdict.sizeBytes()).hasValue(4096);
              assertThat(verdict.details()).containsEntry("map size", "8192 bytes");
              assertThat(verdict.site()).isEqualTo("kernel/dma/debug.c:987");
              assertThat(verdict.stampNs()).hasValue(15_432_899_000L);
              assertThat(verdict.place()).isEqualTo(2);
            });
  }

  @Test
  void messageWithoutSpaceBeforeDetails_isSplitAtTheBracket() throws IOException {
    assertThat(
            verdicts(
                "[ 1.000000] DMA-API: nvme 0000:03:00.0: device driver failed to check map"
                    + " error[device address=0x1000] [size=64 bytes] [mapped as single]\n"))
        .singleElement()
        .extracting(KernelVerdict::check, KernelVerdict::sentence, KernelVerdict::sizeBytes)
        .containsExactly(
            Optional.of(DmaDebugCheck.D8),
            "device driver failed to check map error",
            OptionalLong.of(64));
  }

  @Test
  void leak_hasTheDetailsOfItsSecondLine() throws IOException {
    assertThat(
            verdicts(
                """
                [   33.787410] DMA-API: pci 0000:00:0c.0: device driver has pending DMA allocations \
                while released from device [count=11]
                [   33.787410] One of leaked entries details: [device address=0x00000000ffffa000] \
                [size=8192 bytes] [mapped with DMA_TO_DEVICE] [mapped as single]
                [   33.787555] WARNING: CPU: 0 PID: 311 at kernel/dma/debug.c:862 dma_debug+0x1/0x2
                """))
        .singleElement()
        .satisfies(
            verdict -> {
              assertThat(verdict.check()).contains(DmaDebugCheck.D22);
              assertThat(verdict.details()).containsEntry("count", "11");
              assertThat(verdict.dmaAddr()).hasValue(0xffffa000L);
              assertThat(verdict.site()).isEqualTo("kernel/dma/debug.c:862");
            });
  }

  @Test
  void plainWarning_ofTheDmaCode_isAVerdict() throws IOException {
    assertThat(
            verdicts(
                """
                [    1.000000] WARNING: CPU: 0 PID: 174 at drivers/iommu/dma-iommu.c:1230 f+0x7d/0x90
                [    2.000000] WARNING: drivers/iommu/dma-iommu.c:1230 at f+0x7d/0x90, CPU#1: a/7
                [    3.000000] WARNING: CPU: 0 PID: 174 at net/core/dev.c:1 f+0x7d/0x90
                """))
        .extracting(KernelVerdict::site)
        .containsExactly("drivers/iommu/dma-iommu.c:1230", "drivers/iommu/dma-iommu.c:1230");
  }

  @Test
  void messageOfStartUp_isNoVerdict() throws IOException {
    assertThat(
            verdicts(
                """
                [    1.586651] DMA-API: preallocated 65536 debug entries
                [    1.586885] DMA-API: debugging enabled by kernel config
                [   16.040734] DMA-API: Mapped at:
                """))
        .isEmpty();
  }

  @Test
  void unknownSentence_isKeptWithoutACheck() throws IOException {
    assertThat(verdicts("[ 1.000000] DMA-API: a b: something new [size=4 bytes]\n"))
        .containsExactly(
            new KernelVerdict(
                1,
                OptionalLong.of(1_000_000_000L),
                Optional.empty(),
                "a",
                "b",
                "something new",
                Map.of("size", "4 bytes"),
                ""));
  }

  private static List<KernelVerdict> verdicts(String log) throws IOException {
    return DmesgLog.read(new ByteArrayInputStream(log.getBytes(StandardCharsets.UTF_8))).verdicts();
  }
}
