package io.dmascope.analytics.selftest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * A function of the kernel that golden vectors exist for. A vector is an object with inputs and
 * outputs; the model recomputes the outputs under the same names.
 *
 * @param baseName the name of its file without the ending, and the beginning of its vectors' ids
 * @param inputs fields that the function reads
 * @param outputs fields that it may compute
 */
record VectorKind(
    String baseName,
    Set<String> inputs,
    Set<String> outputs,
    Function<JsonNode, ObjectNode> function) {
  /** Fields of every vector: its name, and words for people. */
  private static final Set<String> COMMON = Set.of("id", "note");

  static final List<VectorKind> ALL =
      List.of(
          new VectorKind(
              "iommu_map_sg",
              Set.of("granule", "segment_boundary_mask", "max_segment_size", "iova_base", "input"),
              Set.of("output", "iova_len", "iommu_map", "error"),
              VectorFunctions::iommuMapSg),
          new VectorKind(
              "iommu_page_split",
              Set.of("page_size_bitmap", "iova", "phys", "size"),
              Set.of("steps", "error"),
              VectorFunctions::iommuPageSplit),
          new VectorKind(
              "iova_allocator",
              Set.of("granule", "pci_32bit_first", "reserved"),
              Set.of("ops"),
              VectorFunctions::iovaAllocator),
          new VectorKind(
              "p2pdma_map_type",
              Set.of("devices", "host_bridge_allow_list", "cpu_is_amd_zen", "provider", "client"),
              Set.of("map_type", "distance"),
              VectorFunctions::p2pdmaMapType),
          new VectorKind(
              "rdma_best_page_size",
              Set.of("dma", "page_size_bitmap", "address", "length", "virt"),
              Set.of("page_size", "blocks", "first_blocks", "last_block"),
              VectorFunctions::rdmaBestPageSize),
          new VectorKind(
              "sg_table_from_pages",
              Set.of("page_frames", "offset", "size", "max_segment"),
              Set.of("entries", "error"),
              VectorFunctions::sgTableFromPages));

  /** Finds the kind that a file name or a vector's id begins with. */
  static Optional<VectorKind> of(String name) {
    return ALL.stream().filter(kind -> name.startsWith(kind.baseName())).findFirst();
  }

  /** The names of all kinds, for messages. */
  static String names() {
    return ALL.stream().map(VectorKind::baseName).collect(Collectors.joining(", "));
  }

  /** Fields of the vector that this kind does not know: they are not compared. */
  List<String> unknownFields(JsonNode vector) {
    List<String> unknown = new ArrayList<>();
    for (Map.Entry<String, JsonNode> field : vector.properties()) {
      String name = field.getKey();
      if (!COMMON.contains(name) && !inputs.contains(name) && !outputs.contains(name)) {
        unknown.add(name);
      }
    }
    return unknown;
  }

  /** Recomputes the outputs of a vector. */
  ObjectNode compute(JsonNode vector) {
    return function.apply(vector);
  }
}
