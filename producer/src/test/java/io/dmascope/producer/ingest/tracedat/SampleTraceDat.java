package io.dmascope.producer.ingest.tracedat;

import io.dmascope.producer.write.tracedat.PageWriter;
import io.dmascope.producer.write.tracedat.RecordWriter;
import io.dmascope.producer.write.tracedat.TraceDatContainer;
import io.dmascope.producer.write.tracedat.TraceDatContainer.CpuPages;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Small files with one record of every event that is read, for fuzzing and for completeness. */
final class SampleTraceDat {
  private static final String DMA = "__data_loc char[] device;";
  private static final String END = "enum dma_data_direction dir;unsigned long attrs";
  private static final String SYNC = DMA + "u64 dma_addr;size_t size;enum dma_data_direction dir";
  private static final String SYNC_SG =
      DMA
          + "__data_loc u64[] dma_addrs;__data_loc unsigned int[] lengths;"
          + "enum dma_data_direction dir";
  private static final String MAP = DMA + "u64 phys_addr;u64 dma_addr;size_t size;" + END;
  private static final String UNMAP = DMA + "u64 addr;size_t size;" + END;
  private static final String ALLOC =
      DMA + "void * virt_addr;u64 dma_addr;size_t size;gfp_t flags;" + END;
  private static final String FREE = DMA + "void * virt_addr;u64 dma_addr;size_t size;" + END;
  private static final String DMA_BUF = "__data_loc char[] exp_name;size_t size;ino_t ino";
  private static final String DMA_BUF_ATTACH =
      "__data_loc char[] dev_name;" + DMA_BUF + ";void * attach;bool is_dynamic";

  /** One event of a kernel. */
  private record Event(String system, String name, String fields) {}

  private static final List<Event> EVENTS =
      List.of(
          new Event("dma", "dma_map_page", MAP),
          new Event("dma", "dma_map_resource", MAP),
          new Event("dma", "dma_map_phys", MAP),
          new Event("dma", "dma_unmap_page", UNMAP),
          new Event("dma", "dma_unmap_resource", UNMAP),
          new Event("dma", "dma_unmap_phys", UNMAP),
          new Event(
              "dma",
              "dma_map_sg",
              DMA
                  + "int full_nents;int full_ents;bool truncated;__data_loc u64[] phys_addrs;"
                  + "__data_loc u64[] dma_addrs;__data_loc unsigned int[] lengths;"
                  + END),
          new Event("dma", "dma_map_sg_err", DMA + "__data_loc u64[] phys_addrs;int err;" + END),
          new Event("dma", "dma_unmap_sg", DMA + "__data_loc u64[] addrs;" + END),
          new Event("dma", "dma_alloc", ALLOC),
          new Event("dma", "dma_alloc_pages", ALLOC),
          new Event("dma", "dma_alloc_sgt_err", ALLOC),
          new Event(
              "dma",
              "dma_alloc_sgt",
              DMA + "__data_loc u64[] phys_addrs;u64 dma_addr;size_t size;gfp_t flags;" + END),
          new Event("dma", "dma_free", FREE),
          new Event("dma", "dma_free_pages", FREE),
          new Event(
              "dma",
              "dma_free_sgt",
              DMA
                  + "__data_loc u64[] phys_addrs;u64 dma_addr;size_t size;"
                  + "enum dma_data_direction dir"),
          new Event("dma", "dma_sync_single_for_cpu", SYNC),
          new Event("dma", "dma_sync_single_for_device", SYNC),
          new Event("dma", "dma_sync_sg_for_cpu", SYNC_SG),
          new Event("dma", "dma_sync_sg_for_device", SYNC_SG),
          new Event("iommu", "map", "u64 iova;u64 paddr;size_t size"),
          new Event("iommu", "unmap", "u64 iova;size_t size;size_t unmapped_size"),
          new Event("iommu", "add_device_to_group", "int gid;" + DMA),
          new Event("iommu", "remove_device_from_group", "int gid;" + DMA),
          new Event("iommu", "attach_device_to_domain", DMA),
          new Event("iommu", "io_page_fault", DMA + "__data_loc char[] driver;u64 iova;int flags"),
          new Event(
              "swiotlb",
              "swiotlb_bounced",
              "__data_loc char[] dev_name;u64 dma_mask;u64 dev_addr;size_t size;bool force"),
          new Event("dma_buf", "dma_buf_export", DMA_BUF),
          new Event("dma_buf", "dma_buf_mmap_internal", DMA_BUF),
          new Event("dma_buf", "dma_buf_mmap", DMA_BUF),
          new Event("dma_buf", "dma_buf_put", DMA_BUF),
          new Event("dma_buf", "dma_buf_fd", DMA_BUF + ";int fd"),
          new Event("dma_buf", "dma_buf_get", DMA_BUF + ";int fd"),
          new Event("dma_buf", "dma_buf_dynamic_attach", DMA_BUF_ATTACH),
          new Event("dma_buf", "dma_buf_detach", DMA_BUF_ATTACH),
          new Event("ftrace", "print", "unsigned long ip;char buf[]"));

  /** How many records a sample has that are read. */
  static final int RECORDS = EVENTS.size();

  private static final String GFP =
      "(REC->flags) ? __print_flags(REC->flags, \"|\", {( unsigned long)((( gfp_t)(((1UL)) << (10))|"
          + "(((1UL)) << (11)))), \"GFP_NOIO\"}, {(~0UL & 0x100), \"__GFP_ZERO\"}, "
          + "{ 0, ((void *)0) } ) : \"none\"";

  private SampleTraceDat() {}

  /** Writes every event once, spread over two CPUs, with losses, padding and time extends. */
  static void write(Path file, int version, ByteOrder order, int longSize, Compression compression)
      throws IOException {
    TraceDatContainer writer = new TraceDatContainer(version, order, longSize, 4096, compression);
    KernelFormats formats = new KernelFormats(longSize);
    PageWriter first = writer.page(1_000);
    PageWriter second = writer.page(5_000).stamp(6_000);
    List<byte[]> records = new ArrayList<>();
    for (int i = 0; i < EVENTS.size(); i++) {
      Event event = EVENTS.get(i);
      String[] fields = event.fields.split(";");
      String printed = "REC->dir, " + (event.fields.contains("gfp_t") ? GFP : "");
      String text = formats.textPrinting(printed, event.name, 300 + i, fields);
      writer.format(event.system, text);
      records.add(fill(writer.record(FormatText.parse(text), i), fields));
    }
    for (int i = 0; i < records.size(); i++) {
      (i % 2 == 0 ? first : second).record(i == 5 ? 1L << 30 : i, records.get(i));
    }
    first.discarded(3, 16).missed(7);
    writer
        .cmdline(1, "init")
        .option(OptionId.UNAME, "Linux rig 7.3.0 aarch64")
        .option(OptionId.OFFSET, "5")
        .option(OptionId.CPUCOUNT, writer.u32(2))
        .instance("", CpuPages.of(0, first.bytes()), CpuPages.of(1, second.bytes()))
        .instance("other", CpuPages.of(0, writer.page(9_000).bytes()))
        .write(file);
  }

  private static byte[] fill(RecordWriter record, String[] fields) {
    for (String field : fields) {
      String name = field.substring(field.lastIndexOf(' ') + 1);
      if (field.contains("char[]")) {
        record.text(name, "0000:03:00.0");
      } else if (field.endsWith("[]")) {
        record.text(name.replace("[]", ""), "a marker\n");
      } else if (field.contains("[]")) {
        record.list(name, 0x1000, 0x2000);
      } else {
        record.number(name, name.equals("flags") ? 0xd01 : 2);
      }
    }
    return record.bytes();
  }
}
