package io.dmascope.producer.write.tracedat;

import io.dmascope.model.event.DmaAttrs;
import io.dmascope.producer.ingest.tracedat.FormatText;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What the tracepoints of one kernel record and how it says they print: include/trace/events/dma.h,
 * iommu.h, swiotlb.h and dma_buf.h of 6.12 stable and of 7.x.
 */
public final class EventFormats {
  private static final int ID_OF_PRINT = 5;
  private static final int FIRST_ID = 300;
  private static final int LONG_BYTES = 8;

  /** Attributes that 6.12 knows by name; newer ones came with {@code dma_map_phys}. */
  private static final long NAMED_BEFORE_PHYS = DmaAttrs.PRIVILEGED;

  private static final long NAMED_SINCE_PHYS = DmaAttrs.CC_SHARED;

  /** Kernels that an event is found in. */
  private enum Found {
    ALWAYS,
    BEFORE_PHYS,
    SINCE_PHYS
  }

  /**
   * Some events that are alike.
   *
   * @param names separated by spaces
   * @param fields as C declares them, separated by semicolons
   * @param print in short: {@code $dir}, {@code $attrs}, {@code $gfp} and {@code $list(field)}
   *     stand for what the kernel's macros make of them
   */
  private record Alike(String system, Found found, String names, String fields, String print) {}

  private static final String DEVICE = "__data_loc char[] device;";
  private static final String DIR = "enum dma_data_direction dir";
  private static final String END = DIR + ";unsigned long attrs";
  private static final String MAP = DEVICE + "u64 phys_addr;u64 dma_addr;size_t size;" + END;
  private static final String UNMAP = DEVICE + "u64 addr;size_t size;" + END;
  private static final String BUFFER = "__data_loc char[] exp_name;size_t size;ino_t ino";

  private static final String PRINT_MAP =
      "\"%s dir=%s dma_addr=%llx size=%zu phys_addr=%llx attrs=%s\", __get_str(device), $dir,"
          + " REC->dma_addr, REC->size, REC->phys_addr, $attrs";
  private static final String PRINT_UNMAP =
      "\"%s dir=%s dma_addr=%llx size=%zu attrs=%s\", __get_str(device), $dir, REC->addr,"
          + " REC->size, $attrs";
  private static final String PRINT_BUFFER = "__get_str(exp_name), REC->size, REC->ino";

  private static final List<Alike> EVENTS =
      List.of(
          new Alike("dma", Found.BEFORE_PHYS, "dma_map_page dma_map_resource", MAP, PRINT_MAP),
          new Alike("dma", Found.SINCE_PHYS, "dma_map_phys", MAP, PRINT_MAP),
          new Alike(
              "dma", Found.BEFORE_PHYS, "dma_unmap_page dma_unmap_resource", UNMAP, PRINT_UNMAP),
          new Alike("dma", Found.SINCE_PHYS, "dma_unmap_phys", UNMAP, PRINT_UNMAP),
          new Alike(
              "dma",
              Found.ALWAYS,
              "dma_map_sg",
              DEVICE
                  + "int full_nents;int full_ents;bool truncated;__data_loc u64[] phys_addrs;"
                  + "__data_loc u64[] dma_addrs;__data_loc unsigned int[] lengths;"
                  + END,
              "\"%s dir=%s nents=%d/%d ents=%d/%d%s dma_addrs=%s sizes=%s phys_addrs=%s attrs=%s\","
                  + " __get_str(device), $dir, REC->full_nents < 128 ? REC->full_nents : 128,"
                  + " REC->full_nents, REC->full_ents < 128 ? REC->full_ents : 128,"
                  + " REC->full_ents, REC->truncated ? \" [TRUNCATED]\" : \"\","
                  + " $list(dma_addrs), $ints(lengths), $list(phys_addrs), $attrs"),
          new Alike(
              "dma",
              Found.ALWAYS,
              "dma_map_sg_err",
              DEVICE + "__data_loc u64[] phys_addrs;int err;" + END,
              "\"%s dir=%s dma_addrs=%s err=%d attrs=%s\", __get_str(device), $dir,"
                  + " $list(phys_addrs), REC->err, $attrs"),
          new Alike(
              "dma",
              Found.ALWAYS,
              "dma_unmap_sg",
              DEVICE + "__data_loc u64[] addrs;" + END,
              "\"%s dir=%s phys_addrs=%s attrs=%s\", __get_str(device), $dir, $list(addrs),"
                  + " $attrs"),
          new Alike(
              "dma",
              Found.ALWAYS,
              "dma_alloc dma_alloc_pages dma_alloc_sgt_err",
              DEVICE + "void * virt_addr;u64 dma_addr;size_t size;gfp_t flags;" + END,
              "\"%s dir=%s dma_addr=%llx size=%zu virt_addr=%p flags=%s attrs=%s\","
                  + " __get_str(device), $dir, REC->dma_addr, REC->size, REC->virt_addr, $gfp,"
                  + " $attrs"),
          new Alike(
              "dma",
              Found.ALWAYS,
              "dma_free dma_free_pages",
              DEVICE + "void * virt_addr;u64 dma_addr;size_t size;" + END,
              "\"%s dir=%s dma_addr=%llx size=%zu virt_addr=%p attrs=%s\", __get_str(device), $dir,"
                  + " REC->dma_addr, REC->size, REC->virt_addr, $attrs"),
          new Alike(
              "dma",
              Found.ALWAYS,
              "dma_alloc_sgt",
              DEVICE
                  + "__data_loc u64[] phys_addrs;u64 dma_addr;size_t size;"
                  + DIR
                  + ";gfp_t flags;unsigned long attrs",
              "\"%s dir=%s dma_addr=%llx size=%zu phys_addrs=%s flags=%s attrs=%s\","
                  + " __get_str(device), $dir, REC->dma_addr, REC->size, $list(phys_addrs), $gfp,"
                  + " $attrs"),
          new Alike(
              "dma",
              Found.ALWAYS,
              "dma_free_sgt",
              DEVICE + "__data_loc u64[] phys_addrs;u64 dma_addr;size_t size;" + DIR,
              "\"%s dir=%s dma_addr=%llx size=%zu phys_addrs=%s\", __get_str(device), $dir,"
                  + " REC->dma_addr, REC->size, $list(phys_addrs)"),
          new Alike(
              "dma",
              Found.ALWAYS,
              "dma_sync_single_for_cpu dma_sync_single_for_device",
              DEVICE + "u64 dma_addr;size_t size;" + DIR,
              "\"%s dir=%s dma_addr=%llx size=%zu\", __get_str(device), $dir, REC->dma_addr,"
                  + " REC->size"),
          new Alike(
              "dma",
              Found.ALWAYS,
              "dma_sync_sg_for_cpu dma_sync_sg_for_device",
              DEVICE + "__data_loc u64[] dma_addrs;__data_loc unsigned int[] lengths;" + DIR,
              "\"%s dir=%s dma_addrs=%s sizes=%s\", __get_str(device), $dir, $list(dma_addrs),"
                  + " $ints(lengths)"),
          new Alike(
              "iommu",
              Found.ALWAYS,
              "map",
              "u64 iova;u64 paddr;size_t size",
              "\"IOMMU: iova=0x%016llx - 0x%016llx paddr=0x%016llx size=%zu\", REC->iova,"
                  + " REC->iova + REC->size, REC->paddr, REC->size"),
          new Alike(
              "iommu",
              Found.ALWAYS,
              "unmap",
              "u64 iova;size_t size;size_t unmapped_size",
              "\"IOMMU: iova=0x%016llx - 0x%016llx size=%zu unmapped_size=%zu\", REC->iova,"
                  + " REC->iova + REC->size, REC->size, REC->unmapped_size"),
          new Alike(
              "iommu",
              Found.ALWAYS,
              "add_device_to_group remove_device_from_group",
              "int gid;__data_loc char[] device",
              "\"IOMMU: groupID=%d device=%s\", REC->gid, __get_str(device)"),
          new Alike(
              "iommu",
              Found.ALWAYS,
              "attach_device_to_domain",
              "__data_loc char[] device",
              "\"IOMMU: device=%s\", __get_str(device)"),
          new Alike(
              "iommu",
              Found.ALWAYS,
              "io_page_fault",
              "__data_loc char[] device;__data_loc char[] driver;u64 iova;int flags",
              "\"IOMMU:%s %s iova=0x%016llx flags=0x%04x\", __get_str(driver), __get_str(device),"
                  + " REC->iova, REC->flags"),
          new Alike(
              "swiotlb",
              Found.ALWAYS,
              "swiotlb_bounced",
              "__data_loc char[] dev_name;u64 dma_mask;dma_addr_t dev_addr;size_t size;bool force",
              "\"dev_name: %s dma_mask=%llx dev_addr=%llx size=%zu %s\", __get_str(dev_name),"
                  + " REC->dma_mask, (unsigned long long)REC->dev_addr, REC->size,"
                  + " REC->force ? \"FORCE\" : \"NORMAL\""),
          new Alike(
              "dma_buf",
              Found.SINCE_PHYS,
              "dma_buf_export dma_buf_mmap_internal dma_buf_mmap dma_buf_put",
              BUFFER,
              "\"exp_name=%s size=%zu ino=%lu\", " + PRINT_BUFFER),
          new Alike(
              "dma_buf",
              Found.SINCE_PHYS,
              "dma_buf_fd dma_buf_get",
              BUFFER + ";int fd",
              "\"exp_name=%s size=%zu ino=%lu fd=%d\", " + PRINT_BUFFER + ", REC->fd"),
          new Alike(
              "dma_buf",
              Found.SINCE_PHYS,
              "dma_buf_dynamic_attach dma_buf_detach",
              "__data_loc char[] dev_name;"
                  + BUFFER
                  + ";struct dma_buf_attachment * attach;bool is_dynamic",
              "\"exp_name=%s size=%zu ino=%lu attachment:%p is_dynamic=%d dev_name=%s\", "
                  + PRINT_BUFFER
                  + ", REC->attach, REC->is_dynamic, __get_str(dev_name)"));

  private static final String PRINT_DIR =
      "__print_symbolic(REC->dir, { 0, \"BIDIRECTIONAL\" }, { 1, \"TO_DEVICE\" },"
          + " { 2, \"FROM_DEVICE\" }, { 3, \"NONE\" })";

  private final Map<String, String> systems = new LinkedHashMap<>();
  private final Map<String, String> texts = new LinkedHashMap<>();
  private final Map<String, FormatText> parsed = new LinkedHashMap<>();
  private final boolean sincePhys;

  /**
   * The formats of a kernel.
   *
   * @param release what {@code uname -r} says; those of major version 6 are taken for 6.12
   */
  public EventFormats(String release) {
    sincePhys = !release.startsWith("6.");
    FormatFile file = new FormatFile(LONG_BYTES);
    add(
        "ftrace",
        "print",
        file.text(
            "print",
            ID_OF_PRINT,
            List.of("unsigned long ip", "char buf[]"),
            "\"%ps: %s\", (void *)REC->ip, REC->buf"));
    int id = FIRST_ID;
    for (Alike alike : EVENTS) {
      if (alike.found != (sincePhys ? Found.BEFORE_PHYS : Found.SINCE_PHYS)) {
        for (String name : alike.names.split(" ")) {
          List<String> fields = Arrays.asList(alike.fields.split(";"));
          add(alike.system, name, file.text(name, id++, fields, spelledOut(alike.print)));
        }
      }
    }
  }

  private void add(String system, String name, String text) {
    systems.put(name, system);
    texts.put(name, text);
    parsed.put(name, FormatText.parse(text));
  }

  private String spelledOut(String print) {
    return print
        .replace("$dir", PRINT_DIR)
        .replace("$attrs", "__print_flags(REC->attrs, \"|\", %s)".formatted(attrs()))
        .replace(
            "$gfp",
            "(REC->flags) ? __print_flags(REC->flags, \"|\", %s) : \"none\""
                .formatted(GfpFlags.printed()))
        .replaceAll("\\$list\\((\\w+)\\)", array("u64"))
        .replaceAll("\\$ints\\((\\w+)\\)", array("unsigned int"));
  }

  private static String array(String type) {
    return "__print_array(__get_dynamic_array($1), __get_dynamic_array_len($1) / sizeof(%s),"
            .formatted(type)
        + " sizeof(%s))".formatted(type);
  }

  private String attrs() {
    long last = sincePhys ? NAMED_SINCE_PHYS : NAMED_BEFORE_PHYS;
    List<String> names = new ArrayList<>();
    for (long bit = DmaAttrs.WEAK_ORDERING; bit <= last; bit <<= 1) {
      String name = DmaAttrs.toText(bit);
      if (!name.startsWith("0x")) {
        names.add("{ (1UL << %d), \"%s\" }".formatted(Long.numberOfTrailingZeros(bit), name));
      }
    }
    return names.stream().collect(Collectors.joining(", "));
  }

  /** The format of an event; fails for one that this kernel does not have. */
  FormatText of(String event) {
    FormatText format = parsed.get(event);
    if (format == null) {
      throw new IllegalStateException(
          "no such event in this kernel [event=%s] [since_phys=%b]".formatted(event, sincePhys));
    }
    return format;
  }

  /** Adds all of them to a file. */
  void describeIn(TraceDatContainer container) {
    texts.forEach((name, text) -> container.format(systems.get(name), text));
  }
}
