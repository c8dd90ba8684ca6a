package io.dmascope.producer.ingest.tracedat;

import java.util.Set;

/** The sizes of C types that dynamic arrays have: a format tells only that of the reference. */
final class ElementType {
  private static final Set<String> TYPES_OF_8 =
      Set.of("u64", "__u64", "s64", "uint64_t", "unsigned long long", "long long", "phys_addr_t");
  private static final Set<String> TYPES_OF_4 =
      Set.of("u32", "__u32", "s32", "uint32_t", "unsigned int", "int", "unsigned");
  private static final Set<String> TYPES_OF_LONG =
      Set.of("unsigned long", "long", "size_t", "ssize_t", "uintptr_t");

  private ElementType() {}

  /** Returns 4 or 8. */
  static int sizeOf(FormatField array, int longSize) throws MissingFieldException {
    String type = array.elementType();
    if (TYPES_OF_8.contains(type)) {
      return 8;
    }
    if (TYPES_OF_4.contains(type)) {
      return 4;
    }
    if (TYPES_OF_LONG.contains(type)) {
      return longSize;
    }
    throw new MissingFieldException(
        "%s has elements of a size that its format does not tell [type=%s]"
            .formatted(array.name(), type));
  }
}
