package io.dmascope.analytics.selftest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * A function of the kernel that golden vectors exist for. A vector is an object with inputs and
 * outputs; the model recomputes the outputs under the same names.
 *
 * @param baseName the name of its file without the ending, and the beginning of its vectors' ids
 */
record VectorKind(String baseName, Function<JsonNode, ObjectNode> function) {
  static final List<VectorKind> ALL =
      List.of(
          new VectorKind("iommu_map_sg", VectorFunctions::iommuMapSg),
          new VectorKind("iommu_page_split", VectorFunctions::iommuPageSplit),
          new VectorKind("iova_allocator", VectorFunctions::iovaAllocator),
          new VectorKind("p2pdma_map_type", VectorFunctions::p2pdmaMapType),
          new VectorKind("rdma_best_page_size", VectorFunctions::rdmaBestPageSize),
          new VectorKind("sg_table_from_pages", VectorFunctions::sgTableFromPages));

  /** Finds the kind that a file name or a vector's id begins with. */
  static Optional<VectorKind> of(String name) {
    return ALL.stream().filter(kind -> name.startsWith(kind.baseName())).findFirst();
  }

  /** Recomputes the outputs of a vector. */
  ObjectNode compute(JsonNode vector) {
    return function.apply(vector);
  }
}
