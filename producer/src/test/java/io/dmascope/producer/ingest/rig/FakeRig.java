package io.dmascope.producer.ingest.rig;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/**
 * Trees of files that look like tracefs, sysfs and procfs of a small machine: one NVMe behind a
 * switch whose downstream port redirects, one bridge-less network card, lazy IOMMU.
 *
 * <p>A real tracefs fills a new instance with files and empties it on removal; programs named
 * {@code mkdir} and {@code rmdir} in {@link #programs()} do that here. The removed instance is kept
 * in {@link #removed()}, to see what the kit had set. The pages of the rings are those of a real
 * recording.
 */
final class FakeRig {
  private final Path root;
  private final Path tracefs;
  private final Path sysfs;
  private final Path procfs;
  private final Path template;

  private FakeRig(Path root) {
    this.root = root;
    this.tracefs = root.resolve("tracefs");
    this.sysfs = root.resolve("sys");
    this.procfs = root.resolve("proc");
    this.template = root.resolve("template");
  }

  static FakeRig in(Path root) throws IOException {
    FakeRig rig = new FakeRig(root);
    rig.makeTracefs();
    rig.makeSysfs();
    rig.makeProcfs();
    rig.makePrograms();
    return rig;
  }

  Path tracefs() {
    return tracefs;
  }

  Path sysfs() {
    return sysfs;
  }

  Path procfs() {
    return procfs;
  }

  Path kernelLog() {
    return root.resolve("kmsg");
  }

  Path programs() {
    return root.resolve("bin");
  }

  /** What a new instance is filled with. */
  Path template() {
    return template;
  }

  /** The instance as it was when it was removed. */
  Path removed() {
    return root.resolve("removed");
  }

  private void makeTracefs() throws IOException {
    unpackRing();
    write(template.resolve("trace_clock"), "[local] global counter uptime perf mono boot x86-tsc");
    write(template.resolve("tracing_on"), "1");
    write(template.resolve("buffer_size_kb"), "7 (expanded: 1408)");
    write(template.resolve("trace_marker"), "");
    for (int cpu = 0; cpu < 4; cpu++) {
      write(
          template.resolve("per_cpu/cpu" + cpu + "/stats"),
          """
          entries: 0
          overrun: %d
          commit overrun: 0
          bytes: 0
          oldest event ts:    20.146464
          now ts:   175.488823
          dropped events: 0
          read events: 149
          """
              .formatted(cpu == 2 ? 12 : 0));
    }
    write(
        template.resolve("trace_pipe"),
        """
                  nvme-211     [003] .....    21.300488: dma_map_page: 0000:03:00.0 dir=TO_DEVICE \
        dma_addr=ffff8000 size=4096 phys_addr=12a6c2000 attrs=
        CPU:2 [LOST 12 EVENTS]
                  nvme-211     [003] .....    21.300499: dma_unmap_page: 0000:03:00.0 dir=TO_DEVICE \
        dma_addr=ffff8000 size=4096 attrs=
        """);
    copy(template, tracefs);
    Files.delete(tracefs.resolve("trace_marker"));
    Files.createDirectories(tracefs.resolve("instances"));
    write(tracefs.resolve("saved_cmdlines_size"), "128");
    write(tracefs.resolve("set_event"), "dma:dma_map_page\ndma:dma_unmap_page");
    write(
        tracefs.resolve("trace"),
        "# tracer: nop\n#\n" + Files.readString(template.resolve("trace_pipe")).stripTrailing());
  }

  private void makeSysfs() throws IOException {
    Path bus = sysfs.resolve("devices/pci0000:00");
    Path nvme = bus.resolve("0000:00:01.0/0000:01:00.0/0000:02:00.0/0000:03:00.0");
    // Root port, upstream port, downstream port with ACS, endpoint.
    pci(bus.resolve("0000:00:01.0"), 0x8086, 0x2030, "0x060400", 4, 0);
    pci(bus.resolve("0000:00:01.0/0000:01:00.0"), 0x104c, 0x8232, "0x060400", 5, 0);
    pci(bus.resolve("0000:00:01.0/0000:01:00.0/0000:02:00.0"), 0x104c, 0x8233, "0x060400", 6, 0x1d);
    pci(nvme, 0x1b36, 0x0010, "0x010802", 0, 0);
    write(
        nvme.resolve("resource"),
        """
        0x0000000000000000 0x0000000000000000 0x0000000000000000
        0x0000000000000000 0x0000000000000000 0x0000000000000000
        0x00000000f4000000 0x00000000f7ffffff 0x000000000014220c
        """);
    write(nvme.resolve("dma_mask_bits"), "64");
    write(nvme.resolve("consistent_dma_mask_bits"), "64");
    write(nvme.resolve("p2pmem/size"), "67108864");
    write(nvme.resolve("p2pmem/published"), "1");
    Path disk = nvme.resolve("nvme/nvme0/nvme0n1");
    write(disk.resolve("queue/max_segments"), "127");
    write(disk.resolve("queue/max_segment_size"), "4294967295");
    write(disk.resolve("queue/virt_boundary_mask"), "4095");
    link(sysfs.resolve("block/nvme0n1"), disk);
    Files.createDirectories(sysfs.resolve("bus/pci/drivers/nvme"));
    link(nvme.resolve("driver"), sysfs.resolve("bus/pci/drivers/nvme"));
    Path card = bus.resolve("0000:00:0d.0");
    pci(card, 0x8086, 0x100e, "0x020000", -1, 0);
    write(
        card.resolve("resource"),
        "0x00000000fe9c0000 0x00000000fe9dffff 0x0000000000040200\n"
            + "0x000000000000c000 0x000000000000c03f 0x0000000000040101");
    for (Path device :
        List.of(
            bus.resolve("0000:00:01.0"),
            bus.resolve("0000:00:01.0/0000:01:00.0"),
            bus.resolve("0000:00:01.0/0000:01:00.0/0000:02:00.0"),
            nvme,
            card)) {
      link(sysfs.resolve("bus/pci/devices").resolve(device.getFileName()), device);
    }
    Path group = sysfs.resolve("kernel/iommu_groups/16");
    write(group.resolve("type"), "DMA-FQ");
    write(group.resolve("reserved_regions"), "0x00000000fee00000 0x00000000feefffff msi");
    link(group.resolve("devices/0000:03:00.0"), nvme);
    link(nvme.resolve("iommu_group"), group);
    write(sysfs.resolve("devices/system/cpu/cpu0/cache/index0/coherency_line_size"), "64");
    write(sysfs.resolve("kernel/debug/swiotlb/io_tlb_nslabs"), "32768");
  }

  private void makeProcfs() throws IOException {
    write(procfs.resolve("sys/kernel/osrelease"), "6.12.107+deb13-amd64");
    write(procfs.resolve("cmdline"), "root=/dev/vda dyndbg=\"file dma.c +p\" intel_iommu=on \\x");
    write(
        procfs.resolve("cpuinfo"),
        """
        processor	: 0
        vendor_id	: GenuineIntel
        cpu family	: 6
        model		: 85
        model name	: Intel(R) Xeon(R)

        processor	: 1
        vendor_id	: GenuineIntel
        """);
    write(procfs.resolve("meminfo"), "MemTotal: 2000000 kB\nMemAvailable:    1600000 kB");
    write(
        procfs.resolve("iomem"),
        """
        00001000-0009fbff : System RAM
        00100000-7ffccfff : System RAM
          1fa00000-209fffff : Kernel code
        c0000000-febfffff : PCI Bus 0000:00
          f4000000-f7ffffff : 0000:03:00.0""");
    write(
        kernelLog(),
        """
        6,245,335415,-;software IO TLB: mapped [mem 0x0000000074000000-0x0000000078000000] (64MB)
        6,300,900000,-;secret: something that is nobody's business
        3,813,21300400,-;DMAR: [DMA Read NO_PASID] Request device [03:00.0] fault addr 0xffff9000 \
        [fault reason 0x06] PTE Read access is not set""");
  }

  private void makePrograms() throws IOException {
    program(
        "mkdir",
        """
        case $1 in
          */instances/dmascope-*) exec cp -R "%s" "$1" ;;
        esac
        exec /bin/mkdir "$@"
        """
            .formatted(template));
    program("sleep", "exec /bin/sleep 0.02\n"); // a test has no second to wait
    program(
        "rmdir",
        """
        case $1 in
          */instances/dmascope-*) rm -rf "%2$s"; exec mv "$1" "%2$s" ;;
        esac
        exec /bin/rmdir "$@"
        """
            .formatted(template, removed()));
  }

  /** A program that the kit finds before the machine's own. */
  void program(String name, String body) throws IOException {
    Path program = programs().resolve(name);
    write(program, "#!/bin/sh\n" + body);
    if (!program.toFile().setExecutable(true)) {
      throw new IOException("cannot make " + program + " executable");
    }
  }

  /** {@code portType} as in the PCIe capability, or -1 for a function without one. */
  private static void pci(
      Path device, int vendor, int id, String classCode, int portType, int acsControl)
      throws IOException {
    write(device.resolve("vendor"), "0x%04x".formatted(vendor));
    write(device.resolve("device"), "0x%04x".formatted(id));
    write(device.resolve("class"), classCode);
    Files.write(device.resolve("config"), configSpace(portType, acsControl));
  }

  private static byte[] configSpace(int portType, int acsControl) {
    byte[] config = new byte[portType < 0 ? 256 : 4096];
    config[0x18] = 0x0c; // BAR 2: 64 bits, prefetchable, at 0xe4000000 on the bus
    config[0x1b] = (byte) 0xe4;
    if (portType < 0) {
      return config;
    }
    config[0x06] = 0x10; // has a list of capabilities
    config[0x34] = 0x40;
    config[0x40] = 0x05; // MSI, then PCIe
    config[0x41] = 0x60;
    config[0x60] = 0x10;
    config[0x62] = (byte) (portType << 4 | 2);
    config[0x100] = 0x01; // advanced error reporting, version 1
    config[0x102] = 0x01;
    if (acsControl != 0) {
      config[0x103] = 0x20; // next at 0x200
      config[0x200] = 0x0d;
      config[0x202] = 0x01;
      config[0x206] = (byte) acsControl;
    }
    return config;
  }

  private void unpackRing() throws IOException {
    Path archive = Path.of("../golden/rig/misuse-direct-612.ring.tar.gz");
    try (TarArchiveInputStream tar =
        new TarArchiveInputStream(
            new GZIPInputStream(new BufferedInputStream(Files.newInputStream(archive))))) {
      for (TarArchiveEntry e = tar.getNextEntry(); e != null; e = tar.getNextEntry()) {
        Path file = template.resolve(e.getName()).normalize();
        if (e.isDirectory()) {
          Files.createDirectories(file);
        } else {
          Files.createDirectories(file.getParent());
          copy(tar, file);
        }
      }
    }
  }

  private static void copy(InputStream from, Path to) throws IOException {
    Files.copy(from, to);
  }

  private static void copy(Path from, Path to) throws IOException {
    try (var paths = Files.walk(from)) {
      for (Path path : (Iterable<Path>) paths::iterator) {
        Files.copy(path, to.resolve(from.relativize(path).toString()));
      }
    }
  }

  private static void link(Path link, Path target) throws IOException {
    Files.createDirectories(link.getParent());
    Files.createSymbolicLink(link, target);
  }

  static void write(Path file, String content) throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, content.isEmpty() || content.endsWith("\n") ? content : content + "\n");
  }
}
