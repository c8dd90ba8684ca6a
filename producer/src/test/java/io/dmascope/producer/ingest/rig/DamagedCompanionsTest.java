package io.dmascope.producer.ingest.rig;

import static org.assertj.core.api.Assertions.assertThat;

import io.dmascope.producer.ingest.UnusableInputException;
import io.dmascope.producer.ingest.dmesg.DmesgLog;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** Whatever a companion file contains, it is read or refused in a sentence. */
class DamagedCompanionsTest {
  private static final String LOG =
      """
      [   15.432899] DMA-API: dmamisuse 0000:00:0c.0: device driver frees DMA memory with different \
      size [device address=0x00000000ffffe000] [map size=8192 bytes] [unmap size=4096 bytes]
      [   15.432950] WARNING: CPU: 3 PID: 73 at kernel/dma/debug.c:987 check_unmap+0x4c3/0x910
      [   16.000000] DMAR: [DMA Write NO_PASID] Request device [0000:00:0c.0] fault addr 0xffff8000
      [   17.000000] AMD-Vi: Event logged [IO_PAGE_FAULT device=0a:00.0 domain=0x001d \
      address=0x000000000637c000 flags=0x0000]
      [   18.000000] arm-smmu-v3 a: event 0x10 received:
      [   18.000000] arm-smmu-v3 a: \\x090x0000010000000010
      [   18.000000] arm-smmu-v3 a: event: F_TRANSLATION client: 0000:01:00.0 sid: 0x100 ssid: 0x0 \
      iova: 0xfff00000 ipa: 0x0
      [   19.000000] dmar_fault: 386 callbacks suppressed
      """;

  private final byte[] manifest;

  DamagedCompanionsTest() throws IOException {
    manifest = Files.readAllBytes(Path.of("../golden/rig/every-member.manifest.json"));
  }

  @Property(tries = 500)
  void manifest_isReadOrRefused(
      @ForAll @Size(min = 1, max = 4) List<@IntRange(min = 0, max = 1 << 20) Integer> places,
      @ForAll byte replacement)
      throws IOException {
    try {
      byte[] damaged = damaged(manifest, places, replacement);
      assertThat(RigManifestJson.read(new ByteArrayInputStream(damaged)).manifest()).isNotNull();
    } catch (UnusableInputException e) {
      assertThat(e).hasMessageStartingWith("manifest: ");
    }
  }

  @Property(tries = 500)
  void kernelLog_isReadOrRefused(
      @ForAll @Size(min = 1, max = 4) List<@IntRange(min = 0, max = 1 << 20) Integer> places,
      @ForAll byte replacement)
      throws IOException {
    try {
      byte[] damaged = damaged(LOG.getBytes(StandardCharsets.UTF_8), places, replacement);
      assertThat(DmesgLog.read(new ByteArrayInputStream(damaged)).faults()).hasSizeLessThan(4);
    } catch (UnusableInputException e) {
      assertThat(e).hasMessageStartingWith("kernel log: ");
    }
  }

  private static byte[] damaged(byte[] whole, List<Integer> places, byte replacement) {
    byte[] damaged = whole.clone();
    for (int place : places) {
      damaged[place % damaged.length] = replacement;
    }
    return damaged;
  }
}
