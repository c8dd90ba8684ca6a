package io.dmascope.producer.ingest.tracedat;

import io.dmascope.producer.write.tracedat.FormatFile;
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

  private final FormatFile file;

  KernelFormats(int longSize) {
    this.file = new FormatFile(longSize);
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
    return file.text(name, id, Arrays.asList(declarations), "\"\", " + printFmt);
  }

  private static String nameOf(String declaration) {
    return declaration.substring(declaration.lastIndexOf(' ') + 1);
  }
}
