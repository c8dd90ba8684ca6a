package io.dmascope.producer.ingest.rig;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.dmascope.model.event.CaptureFacts;
import io.dmascope.model.event.CaptureStart;
import io.dmascope.model.event.TraceEvent;
import io.dmascope.model.event.TraceIssue;
import io.dmascope.model.rig.PciFunction;
import io.dmascope.model.rig.PciFunction.PortType;
import io.dmascope.model.rig.RigDevice;
import io.dmascope.model.rig.RigIommuGroup.DomainType;
import io.dmascope.model.rig.RigManifest;
import io.dmascope.producer.ingest.EventSink;
import io.dmascope.producer.ingest.ReadOptions;
import io.dmascope.producer.ingest.tracedat.TraceDatReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Runs {@code capture/dmascope-capture} against a fake rig, under every shell of this machine. */
class CaptureKitTest {
  private static final String STREAM_HEADER =
      """
      # os release : 6.12.107+deb13-amd64
      # trace_clock : mono
      # tracer: nop
      """;

  private static final Path KIT =
      Path.of("../capture/dmascope-capture").toAbsolutePath().normalize();
  private static final int PATIENCE_S = 60;

  @TempDir Path directory;
  private FakeRig rig;

  /** What a run of the kit left behind. */
  record Run(int status, String out, String err) {}

  @BeforeEach
  void makeRig() throws IOException {
    rig = FakeRig.in(directory.resolve("rig"));
  }

  static Stream<List<String>> shells() throws Exception {
    List<List<String>> found = new ArrayList<>();
    for (List<String> shell : List.of(List.of("dash"), List.of("busybox", "sh"))) {
      if (isInstalled(shell.getFirst()) && looksUpPrograms(shell)) {
        found.add(shell);
      }
    }
    return found.isEmpty() ? Stream.of(List.of("sh")) : found.stream();
  }

  @ParameterizedTest
  @MethodSource("shells")
  void check_tellsWhatTheKernelOffers(List<String> shell) throws Exception {
    Run run = run(shell, "check");

    assertThat(run.err()).isEmpty();
    assertThat(run.out())
        .contains("kernel      6.12.107+deb13-amd64")
        .contains("dma         18 events")
        .contains("dma_buf     no events in this kernel: dma-buf rules will not be checked")
        .contains("clock       mono: CPUs agree on it")
        .contains("ring        50000 KB a CPU suggested")
        .contains("IOMMU       1 groups")
        .contains("What it cannot see: ");
    assertThat(run.status()).isZero();
  }

  @Test
  void check_withoutTracefs_saysHowToMountIt() throws Exception {
    FakeRig.write(directory.resolve("empty/x"), "");
    Run run = run(List.of("sh"), Map.of("TRACEFS", directory.resolve("empty").toString()), "check");

    assertThat(run.out()).startsWith("tracefs     missing. Mount it: mount -t tracefs");
    assertThat(run.status()).isEqualTo(1);
  }

  @ParameterizedTest
  @MethodSource("shells")
  void manifest_passesTheSchemaAndIsRead(List<String> shell) throws Exception {
    Run run = run(shell, "manifest");

    assertThat(run.err()).isEmpty();
    assertThat(new ManifestSchema().problems(run.out())).isEmpty();
    RigManifest manifest = manifest(run.out());
    assertThat(manifest.kernelRelease()).isEqualTo("6.12.107+deb13-amd64");
    assertThat(manifest.commandLine())
        .isEqualTo("root=/dev/vda dyndbg=\"file dma.c +p\" intel_iommu=on \\x");
    assertThat(manifest.cpu().orElseThrow().vendor()).isEqualTo("GenuineIntel");
    assertThat(manifest.cpu().orElseThrow().model()).hasValue(85);
    assertThat(manifest.cpu().orElseThrow().onlineCount()).hasValue(2);
    assertThat(manifest.hostBridges().getFirst().windows().getFirst().startAddr())
        .isEqualTo(0xc0000000L);
    assertThat(manifest.memoryMap())
        .extracting(range -> range.depth() + " " + range.name())
        .containsExactly(
            "0 System RAM", "0 System RAM", "1 Kernel code", "0 PCI Bus 0000:00", "1 0000:03:00.0");
    assertThat(manifest.swiotlb().orElseThrow().slots()).hasValue(32768);
    assertThat(manifest.tracing().availableEvents().orElseThrow())
        .hasSize(25)
        .contains("dma:dma_map_sg", "iommu:io_page_fault", "swiotlb:swiotlb_bounced");
  }

  @ParameterizedTest
  @MethodSource("shells")
  void manifest_withoutGetconf_hasThePageSize(List<String> shell) throws Exception {
    rig.program("getconf", "exit 127\n"); // busybox has none
    FakeRig.write(rig.procfs().resolve("self/smaps"), "Size: 4 kB\nKernelPageSize:       16 kB");

    assertThat(manifest(run(shell, "manifest").out()).pageSizeBytes()).hasValue(16384);
  }

  @Test
  void manifest_hasThePciTree() throws Exception {
    RigManifest manifest = manifest(run(List.of("sh"), "manifest").out());

    RigDevice nvme = manifest.device("0000:03:00.0").orElseThrow();
    assertThat(nvme.driver()).isEqualTo("nvme");
    assertThat(nvme.parent()).isEqualTo("0000:02:00.0");
    assertThat(nvme.dmaLimits().dmaMaskBits()).hasValue(64);
    assertThat(nvme.queues().getFirst().virtBoundaryMask()).hasValue(0xfff);
    assertThat(manifest.groupOf(nvme).orElseThrow().domainType()).contains(DomainType.DMA_FQ);
    assertThat(nvme.pci().orElseThrow().bars())
        .singleElement()
        .satisfies(
            bar -> {
              assertThat(bar.startAddr()).isEqualTo(0xf4000000L);
              assertThat(bar.sizeBytes()).isEqualTo(64 << 20);
              assertThat(bar.busOffset()).hasValue(-0x10000000L);
              assertThat(bar.prefetchable()).isTrue();
            });
    assertThat(nvme.pci().orElseThrow().p2pMemory().orElseThrow().published()).contains(true);
    assertThat(manifest.devices())
        .extracting(
            device -> device.name() + " " + device.pci().orElseThrow().portType().orElseThrow())
        .containsExactly(
            "0000:00:01.0 " + PortType.ROOT_PORT,
            "0000:00:0d.0 " + PortType.CONVENTIONAL,
            "0000:01:00.0 " + PortType.UPSTREAM_PORT,
            "0000:02:00.0 " + PortType.DOWNSTREAM_PORT,
            "0000:03:00.0 " + PortType.ENDPOINT);
    assertThat(manifest.devices())
        .filteredOn(device -> device.pci().orElseThrow().acs().orElseThrow().redirects())
        .extracting(RigDevice::name)
        .containsExactly("0000:02:00.0");
    assertThat(manifest.device("0000:02:00.0").orElseThrow().pci().orElseThrow().acs())
        .contains(new PciFunction.Acs(true, true, true, false));
  }

  @Test
  void manifest_withoutRoot_hasNoMemoryMap() throws Exception {
    FakeRig.write(
        rig.procfs().resolve("iomem"), "00000000-00000000 : System RAM\n00000000-00000000 : x");

    assertThat(manifest(run(List.of("sh"), "manifest").out()).memoryMap()).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("shells")
  void record_asText_packsAnArchiveAndRestoresEverything(List<String> shell) throws Exception {
    Path archive = directory.resolve("out.tar.gz");
    Run run = run(shell, "record", "-m", "text", "-o", archive.toString());

    assertThat(run.err())
        .contains("recording 25 events, clock mono, 50000 KB a CPU, mode text")
        .contains("12 events were lost on this rig")
        .contains("wrote " + archive);
    assertThat(run.status()).isZero();
    assertThat(rig.tracefs().resolve("instances")).isEmptyDirectory();
    assertThat(rig.tracefs().resolve("saved_cmdlines_size")).hasContent("128");
    assertThat(rig.removed().resolve("events/dma/dma_map_page/enable")).hasContent("1");
    assertThat(rig.removed().resolve("trace_clock")).hasContent("mono");
    assertThat(rig.removed().resolve("tracing_on")).hasContent("0");
    try (CaptureArchive unpacked = CaptureArchive.unpack(archive, CaptureArchive.Limits.DEFAULT)) {
      assertThat(unpacked.capture())
          .hasContent(Files.readString(rig.template().resolve("trace_pipe")));
      String manifest = Files.readString(unpacked.companions().manifest().orElseThrow());
      assertThat(new ManifestSchema().problems(manifest)).isEmpty();
      assertThat(manifest(manifest).tracing().clock()).isEqualTo("mono");
      assertThat(manifest(manifest).tracing().enabledEvents().orElseThrow()).hasSize(25);
      assertThat(manifest(manifest).tracing().buffers())
          .extracting(buffer -> buffer.lost())
          .containsExactly(0L, 0L, 12L, 0L);
      assertThat(unpacked.companions().dmesg().orElseThrow())
          .content()
          .contains("fault addr 0xffff9000")
          .doesNotContain("secret");
    }
  }

  @ParameterizedTest
  @MethodSource("shells")
  void record_withProbes_packsWhatTheySaw(List<String> shell) throws Exception {
    Path bpftrace = rig.programs().resolve("bpftrace");
    FakeRig.write(
        bpftrace,
        """
        #!/bin/sh
        trap 'echo "# it was told to end"; exit 0' TERM
        echo '# tracer: dmascope-probe'
        while :; do sleep 1 & wait $!; done
        """);
    assertThat(bpftrace.toFile().setExecutable(true)).isTrue();
    FakeRig.write(directory.resolve("kallsyms"), "0 T driver_bound\n");
    Map<String, String> environment = Map.of("KALLSYMS", directory.resolve("kallsyms").toString());
    Path archive = directory.resolve("out.tar.gz");
    Run run = run(shell, environment, "record", "-p", "-m", "text", "-o", archive.toString());

    assertThat(run.status()).as(run.err()).isZero();
    assertThat(run.err()).doesNotContain("no probes");
    try (CaptureArchive unpacked = CaptureArchive.unpack(archive, CaptureArchive.Limits.DEFAULT)) {
      assertThat(unpacked.companions().probe().orElseThrow())
          .hasContent("# tracer: dmascope-probe\n# it was told to end\n");
    }
  }

  @ParameterizedTest
  @MethodSource("shells")
  void record_ofRings_writesATraceDatWithEveryEvent(List<String> shell) throws Exception {
    Path archive = directory.resolve("out.tar.gz");
    Run run = run(shell, "record", "-t", "1", "-o", archive.toString());

    assertThat(run.status()).as(run.err()).isZero();
    try (CaptureArchive unpacked = CaptureArchive.unpack(archive, CaptureArchive.Limits.DEFAULT)) {
      KindCounts kinds = new KindCounts();
      new TraceDatReader(unpacked.capture(), "trace.dat", ReadOptions.DEFAULT).read(kinds);
      assertThat(kinds.facts.kernelRelease()).isNotEmpty();
      assertThat(kinds.facts.clock()).isEqualTo("mono");
      assertThat(kinds.issues).isEmpty();
      // As in the recording that the pages are from: 446 dma events, 95 markers of its script.
      assertThat(kinds.counts)
          .containsExactlyInAnyOrderEntriesOf(
              Map.ofEntries(
                  Map.entry("CaptureStart", 1L),
                  Map.entry("DmaMap", 183L),
                  Map.entry("DmaUnmap", 186L),
                  Map.entry("DmaMapSg", 8L),
                  Map.entry("DmaUnmapSg", 7L),
                  Map.entry("DmaAlloc", 30L),
                  Map.entry("DmaFree", 30L),
                  Map.entry("DmaAllocSgt", 1L),
                  Map.entry("DmaFreeSgt", 1L),
                  Map.entry("Marker", 95L),
                  Map.entry("CaptureEnd", 1L)));
    }
  }

  @Test
  void record_byTraceCmd_endsItByItsCommand() throws Exception {
    rig.program(
        "trace-cmd",
        """
        while [ $# -gt 4 ]; do
          case $1 in
            -o) file=$2 ;;
            -B) echo 1 >"%s/instances/$2/tracing_on" ;;
          esac
          shift
        done
        "$@" && echo recorded >"$file"
        """
            .formatted(rig.tracefs()));
    Path archive = directory.resolve("out.tar.gz");
    Run run = run(List.of("sh"), "record", "-m", "trace-cmd", "-t", "1", "-o", archive.toString());

    assertThat(run.status()).as(run.err()).isZero();
    try (CaptureArchive unpacked = CaptureArchive.unpack(archive, CaptureArchive.Limits.DEFAULT)) {
      assertThat(unpacked.capture()).hasContent("recorded");
    }
  }

  @Test
  void record_byATraceCmdThatTakesLongToBegin_waitsForIt() throws Exception {
    // On an emulated CPU of a busy host it takes more than ten seconds, here turns of the fake
    // sleep.
    rig.program(
        "trace-cmd",
        """
        while [ $# -gt 4 ]; do
          case $1 in
            -o) file=$2 ;;
            -B) /bin/sleep 0.6; echo 1 >"%s/instances/$2/tracing_on" ;;
          esac
          shift
        done
        "$@" && echo recorded >"$file"
        """
            .formatted(rig.tracefs()));
    Path archive = directory.resolve("out.tar.gz");
    Run run = run(List.of("sh"), "record", "-m", "trace-cmd", "-t", "1", "-o", archive.toString());

    assertThat(run.status()).as(run.err()).isZero();
    assertThat(run.err()).contains("mode trace-cmd");
    assertThat(archive).exists();
  }

  @Test
  void record_byATraceCmdThatFails_saysSoAndLeavesNothing() throws Exception {
    rig.program("trace-cmd", "echo 'Operation not permitted' >&2\nexit 1\n");
    Path archive = directory.resolve("out.tar.gz");
    Run run = run(List.of("sh"), "record", "-m", "trace-cmd", "-o", archive.toString());

    assertThat(run.status()).isEqualTo(1);
    assertThat(run.err()).contains("trace-cmd could not record").contains("not permitted");
    assertThat(archive).doesNotExist();
    assertThat(rig.tracefs().resolve("instances")).isEmptyDirectory();
  }

  @ParameterizedTest
  @MethodSource("shells")
  void record_byDevice_setsFiltersAndLeavesOutWhatHasNoDevice(List<String> shell) throws Exception {
    Path archive = directory.resolve("out.tar.gz");
    Run run =
        run(
            shell,
            "record",
            "-m",
            "text",
            "-d",
            "0000:03:00.0",
            "-d",
            "0000:0?:*",
            "-o",
            archive.toString());

    assertThat(run.status()).as(run.err()).isZero();
    // The kernel matches a pattern that begins with a digit as it stands, so none may.
    assertThat(rig.removed().resolve("events/dma/dma_map_page/filter"))
        .hasContent("device == \"0000:03:00.0\" || device ~ \"[0]000:0?:*\"");
    assertThat(rig.removed().resolve("events/swiotlb/swiotlb_bounced/filter"))
        .hasContent("dev_name == \"0000:03:00.0\" || dev_name ~ \"[0]000:0?:*\"");
    assertThat(rig.removed().resolve("events/iommu/map/enable")).hasContent("0");
    assertThat(rig.removed().resolve("events/iommu/attach_device_to_domain/enable"))
        .hasContent("1");
  }

  @ParameterizedTest
  @MethodSource("shells")
  void record_whileACommandRuns_endsWithIt(List<String> shell) throws Exception {
    Path archive = directory.resolve("out.tar.gz");
    Run run =
        run(shell, "record", "-m", "text", "-o", archive.toString(), "--", "sh", "-c", "exit 3");

    assertThat(run.err()).contains("the command ended with status 3");
    assertThat(run.status()).isZero();
    assertThat(archive).exists();
  }

  @ParameterizedTest
  @MethodSource("shells")
  void record_boot_takesWhatIsThere(List<String> shell) throws Exception {
    Path archive = directory.resolve("out.tar.gz");
    Run run = run(shell, "record", "--boot", "-o", archive.toString());

    assertThat(run.status()).as(run.err()).isZero();
    assertThat(rig.removed()).doesNotExist();
    try (CaptureArchive unpacked = CaptureArchive.unpack(archive, CaptureArchive.Limits.DEFAULT)) {
      assertThat(unpacked.capture()).content().startsWith("# tracer: nop");
      assertThat(
              manifest(Files.readString(unpacked.companions().manifest().orElseThrow()))
                  .tracing()
                  .clock())
          .isEqualTo("local");
    }
  }

  @ParameterizedTest
  @MethodSource("shells")
  void record_interrupted_stillPacksAndRestores(List<String> shell) throws Exception {
    makePipe(rig.template().resolve("trace_pipe"));
    Path archive = directory.resolve("out.tar.gz");
    Process kit = start(shell, Map.of(), "record", "-m", "text", "-o", archive.toString());
    awaitLine(kit, "Ctrl-C ends it");
    kit.destroy(); // SIGTERM, which ends a recording as Ctrl-C does

    assertThat(kit.waitFor(PATIENCE_S, TimeUnit.SECONDS)).isTrue();
    assertThat(kit.exitValue()).isZero();
    assertThat(archive).isNotEmptyFile();
    assertThat(rig.tracefs().resolve("instances")).isEmptyDirectory();
    assertThat(rig.tracefs().resolve("saved_cmdlines_size")).hasContent("128");
  }

  @ParameterizedTest
  @MethodSource("shells")
  void stream_printsEventsAndLossesAndRelaysFaults(List<String> shell) throws Exception {
    Run run = run(shell, "stream");

    assertThat(run.out())
        .isEqualTo(STREAM_HEADER + Files.readString(rig.template().resolve("trace_pipe")));
    assertThat(run.err()).contains("12 events were lost on this rig");
    assertThat(run.status()).isZero();
    assertThat(rig.tracefs().resolve("instances")).isEmptyDirectory();
    assertThat(rig.removed().resolve("trace_marker")).content().contains("dmascope sync ");
  }

  @ParameterizedTest
  @MethodSource("shells")
  void stream_whenNobodyReadsItAnyMore_ends(List<String> shell) throws Exception {
    rig.program("cat", "case $1 in */trace_pipe) yes event; exit ;; esac; exec /bin/cat \"$@\"\n");
    Process kit = start(shell, Map.of(), "stream");
    assertThat(kit.getInputStream().readNBytes(STREAM_HEADER.length() + 5))
        .asString()
        .isEqualTo(STREAM_HEADER + "event");
    kit.getInputStream().close();

    assertThat(kit.waitFor(PATIENCE_S, TimeUnit.SECONDS)).isTrue();
    assertThat(rig.tracefs().resolve("instances")).isEmptyDirectory();
  }

  @Test
  void wrongUsage_isRefusedBeforeAnythingIsTouched() throws Exception {
    for (List<String> arguments :
        List.of(
            List.of("recrod"),
            List.of("record", "--colour"),
            List.of("record", "-t", "soon"),
            List.of("record", "-t"),
            List.of("record", "-m", "binary"),
            List.of("record", "-d", "x\" || 1"),
            List.<String>of())) {
      Run run = run(List.of("sh"), arguments.toArray(String[]::new));
      assertThat(run.status()).as(arguments + " " + run.err()).isEqualTo(2);
      assertThat(run.err()).isNotEmpty();
    }
    assertThat(rig.removed()).doesNotExist();
  }

  @Test
  void eventThatTheKernelLacks_isNamed() throws Exception {
    Run run = run(List.of("sh"), "record", "-e", "dma:dma_map_sg,rdma", "-o", "x");

    assertThat(run.err()).contains("this kernel has no event rdma");
    assertThat(run.status()).isEqualTo(1);
  }

  @Test
  void help_namesEveryCommandAndOption() throws Exception {
    Run run = run(List.of("sh"), "--help");

    assertThat(run.status()).isZero();
    assertThat(run.out()).contains("check", "record", "stream", "manifest", "--device", "--mode");
  }

  @Test
  void script_isCleanForShellcheck() throws Exception {
    assumeTrue(isInstalled("shellcheck"), "shellcheck is not installed");
    Process check =
        new ProcessBuilder("shellcheck", "-s", "sh", KIT.toString())
            .redirectErrorStream(true)
            .start();

    assertThat(new String(check.getInputStream().readAllBytes(), StandardCharsets.UTF_8)).isEmpty();
    assertThat(check.waitFor()).isZero();
  }

  private Run run(List<String> shell, String... arguments) throws Exception {
    return run(shell, Map.of(), arguments);
  }

  private Run run(List<String> shell, Map<String, String> environment, String... arguments)
      throws Exception {
    Process kit = start(shell, environment, arguments);
    String out = new String(kit.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(kit.waitFor(PATIENCE_S, TimeUnit.SECONDS)).as("the kit ends").isTrue();
    return new Run(kit.exitValue(), out, Files.readString(directory.resolve("err")));
  }

  private Process start(List<String> shell, Map<String, String> environment, String... arguments)
      throws IOException {
    List<String> command = new ArrayList<>(shell);
    command.add(KIT.toString());
    command.addAll(Arrays.asList(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).directory(directory.toFile());
    builder.redirectError(directory.resolve("err").toFile());
    builder.redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
    Map<String, String> variables = builder.environment();
    variables.put("TRACEFS", rig.tracefs().toString());
    variables.put("SYSFS", rig.sysfs().toString());
    variables.put("PROCFS", rig.procfs().toString());
    variables.put("DEVKMSG", rig.kernelLog().toString());
    variables.put("TMPDIR", Files.createDirectories(directory.resolve("tmp")).toString());
    variables.put("ARCHITECTURE", "x86_64");
    variables.put("PATH", rig.programs() + ":" + System.getenv("PATH"));
    variables.putAll(environment);
    return builder.start();
  }

  /** Waits until the kit has said something, so that a signal meets it where it is meant to. */
  private void awaitLine(Process kit, String line) throws Exception {
    long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_S);
    while (!Files.readString(directory.resolve("err")).contains(line)) {
      assertThat(kit.isAlive()).as("the kit still runs").isTrue();
      assertThat(System.nanoTime()).as("the kit says: " + line).isLessThan(deadlineNs);
      assertThat(kit.waitFor(20, TimeUnit.MILLISECONDS)).as("the kit ended too early").isFalse();
    }
  }

  private static void makePipe(Path pipe) throws Exception {
    Files.delete(pipe);
    assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();
  }

  /** Counts events by kind. */
  private static final class KindCounts implements EventSink {
    private final Map<String, Long> counts = new HashMap<>();
    private final List<TraceIssue> issues = new ArrayList<>();
    private CaptureFacts facts;

    @Override
    public void event(TraceEvent event) {
      counts.merge(event.getClass().getSimpleName(), 1L, Long::sum);
      if (event instanceof CaptureStart start) {
        facts = start.facts();
      }
    }

    @Override
    public void issue(TraceIssue issue) {
      issues.add(issue);
    }
  }

  private static RigManifest manifest(String json) throws IOException {
    return RigManifestJson.read(new ByteArrayInputStream(json.getBytes(StandardCharsets.UTF_8)))
        .manifest();
  }

  // Debian's busybox-static runs its own mkdir whatever PATH says, and never meets the fake rig's.
  private static boolean looksUpPrograms(List<String> shell) throws Exception {
    List<String> command = new ArrayList<>(shell);
    command.addAll(List.of("-c", "command -v mkdir"));
    Process process = new ProcessBuilder(command).start();
    String found = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return process.waitFor() == 0 && found.startsWith("/");
  }

  private static boolean isInstalled(String program) {
    return Arrays.stream(System.getenv("PATH").split(":"))
        .anyMatch(path -> Files.isExecutable(Path.of(path, program)));
  }
}
