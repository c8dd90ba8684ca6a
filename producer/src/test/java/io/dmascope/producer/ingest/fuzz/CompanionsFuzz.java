package io.dmascope.producer.ingest.fuzz;

import io.dmascope.model.rig.RigManifest;
import io.dmascope.producer.ingest.TraceReader;
import io.dmascope.producer.ingest.UnusableInputException;
import io.dmascope.producer.ingest.dmesg.DmesgLog;
import io.dmascope.producer.ingest.dmesg.DmesgTraceReader;
import io.dmascope.producer.ingest.ftrace.TaskLineGrammar;
import io.dmascope.producer.ingest.rig.RigManifestJson;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.OptionalLong;

/** Any bytes at all, taken for a rig manifest where they begin like one, else for a kernel log. */
public final class CompanionsFuzz {
  /** What the log's faults are placed in. */
  private static final byte[] TRACE =
      """
      # tracer: nop
                    dd-314     [003] .....    15.000000: add_device_to_group: IOMMU: groupID=1 device=0000:00:0c.0
                    dd-314     [003] .....    16.500000: tracing_mark_write: start
                    dd-314     [003] .....    17.500000: dma_unmap_page: 0000:00:0c.0 dir=TO_DEVICE dma_addr=ffff8000 size=4096 attrs=
      """
          .getBytes(StandardCharsets.UTF_8);

  private static final String LOG =
      """
      [    1.000000] pci 0000:00:0c.0: Adding to iommu group 1
      [   15.432899] DMA-API: dmamisuse 0000:00:0c.0: device driver frees DMA memory with different \
      size [device address=0x00000000ffffe000] [map size=8192 bytes] [unmap size=4096 bytes]
      [   15.432950] WARNING: CPU: 3 PID: 73 at kernel/dma/debug.c:987 check_unmap+0x4c3/0x910
      [   15.900000] start
      [   16.000000] DMAR: [DMA Write NO_PASID] Request device [0000:00:0c.0] fault addr 0xffff8000 \
      [fault reason 0x05] PTE Write access is not set
      [   17.000000] AMD-Vi: Event logged [IO_PAGE_FAULT device=0a:00.0 domain=0x001d \
      address=0x000000000637c000 flags=0x0000]
      [   18.000000] arm-smmu-v3 a: event 0x10 received:
      [   18.000000] arm-smmu-v3 a: \\x090x0000010000000010
      [   18.000000] arm-smmu-v3 a: event: F_TRANSLATION client: 0000:01:00.0 sid: 0x100 ssid: 0x0 \
      iova: 0xfff00000 ipa: 0x0
      [   19.000000] dmar_fault: 386 callbacks suppressed
      """;

  private static final String KMSG =
      """
      4,1234,16000000,-;DMAR: [DMA Write NO_PASID] Request device [0000:00:0c.0] fault addr 0x8000
       SUBSYSTEM=pci
       DEVICE=+pci:0000:00:0c.0
      6,1235,16900000,-;start
      """;

  private CompanionsFuzz() {}

  /** Where Jazzer enters. */
  public static void fuzzerTestOneInput(byte[] data) {
    if (data.length > 0 && data[0] == '{') {
      checkManifest(data);
    } else {
      WellFormedCapture.check(() -> withLog(data));
    }
  }

  private static TraceReader withLog(byte[] data) throws IOException {
    DmesgLog log = DmesgLog.read(new ByteArrayInputStream(data));
    return new DmesgTraceReader(
        TextReaders.reader(TRACE, new TaskLineGrammar()), log, OptionalLong.empty());
  }

  /** What was read is written and read again: the same manifest. */
  private static void checkManifest(byte[] data) {
    try {
      RigManifest manifest = RigManifestJson.read(new ByteArrayInputStream(data)).manifest();
      byte[] written = RigManifestJson.write(manifest).getBytes(StandardCharsets.UTF_8);
      RigManifest again = RigManifestJson.read(new ByteArrayInputStream(written)).manifest();
      if (!again.equals(manifest)) {
        throw new IllegalStateException("the manifest changes when it is written and read");
      }
    } catch (UnusableInputException refused) {
      if (!refused.getMessage().startsWith("manifest: ")) {
        throw new IllegalStateException("refused without a place", refused);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Writes the seeds. */
  public static void main(String[] args) throws IOException {
    Path directory = Files.createDirectories(Path.of(args[0]));
    Files.copy(
        Seeds.golden().resolve("rig/every-member.manifest.json"),
        directory.resolve("manifest"),
        StandardCopyOption.REPLACE_EXISTING);
    Files.writeString(directory.resolve("dmesg"), LOG);
    Files.writeString(directory.resolve("kmsg"), KMSG);
  }
}
