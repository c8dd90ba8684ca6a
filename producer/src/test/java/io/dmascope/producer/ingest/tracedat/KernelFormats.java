package io.dmascope.producer.ingest.tracedat;

import java.util.Arrays;
import java.util.stream.Collectors;

/** Format files as a kernel of a given long size would print them. */
final class KernelFormats {
  static final String[] DMA_MAP_PAGE = {
    "__data_loc char[] device",
    "u64 phys_addr",
    "u64 dma_addr",
    "size_t size",
    "enum dma_data_direction dir",
    "unsigned long attrs"
  };
  static final String[] DMA_UNMAP_PAGE = {
    "__data_loc char[] device",
    "u64 addr",
    "size_t size",
    "enum dma_data_direction dir",
    "unsigned long attrs"
  };
  static final String[] DMA_MAP_SG = {
    "__data_loc char[] device",
    "int full_nents",
    "int full_ents",
    "bool truncated",
    "__data_loc u64[] phys_addrs",
    "__data_loc u64[] dma_addrs",
    "__data_loc unsigned int[] lengths",
    "enum dma_data_direction dir",
    "unsigned long attrs"
  };
  static final String[] DMA_ALLOC = {
    "__data_loc char[] device",
    "void * virt_addr",
    "u64 dma_addr",
    "size_t size",
    "gfp_t flags",
    "enum dma_data_direction dir",
    "unsigned long attrs"
  };
  static final String[] IOMMU_MAP = {"u64 iova", "u64 paddr", "size_t size"};
  static final String[] PRINT = {"unsigned long ip", "char buf[]"};

  private final int longSize;

  KernelFormats(int longSize) {
    this.longSize = longSize;
  }

  /** The text of a format file that prints all of its fields. */
  String text(String name, int id, String... declarations) {
    String printed =
        Arrays.stream(declarations)
            .map(declaration -> "REC->" + nameOf(declaration))
            .collect(Collectors.joining(", "));
    return textPrinting(printed, name, id, declarations);
  }

  /** The text of a format file with that print format. */
  String textPrinting(String printFmt, String name, int id, String... declarations) {
    StringBuilder text =
        new StringBuilder("name: %s\nID: %d\nformat:\n".formatted(name, id))
            .append(line("unsigned short common_type", 0, 2, false))
            .append(line("unsigned char common_flags", 2, 1, false))
            .append(line("unsigned char common_preempt_count", 3, 1, false))
            .append(line("int common_pid", 4, 4, true))
            .append('\n');
    int offset = 8;
    for (String declaration : declarations) {
      int size = sizeOf(declaration);
      int alignment = Math.max(size, 1);
      offset = (offset + alignment - 1) / alignment * alignment;
      text.append(line(declaration, offset, size, declaration.startsWith("int ")));
      offset += size;
    }
    return text.append("\nprint fmt: \"\", %s\n".formatted(printFmt)).toString();
  }

  private static String line(String declaration, int offset, int size, boolean signed) {
    return "\tfield:%s;\toffset:%d;\tsize:%d;\tsigned:%d;\n"
        .formatted(declaration, offset, size, signed ? 1 : 0);
  }

  private int sizeOf(String declaration) {
    String type = declaration.substring(0, declaration.lastIndexOf(' '));
    return switch (type) {
      case "u64" -> 8;
      case "size_t", "unsigned long", "void *" -> longSize;
      case "bool" -> 1;
      case "char" -> 0;
      default -> 4;
    };
  }

  private static String nameOf(String declaration) {
    return declaration.substring(declaration.lastIndexOf(' ') + 1);
  }
}
