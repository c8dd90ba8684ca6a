package io.dmascope.producer.write.tracedat;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/** Allocation flags by the names that kernels print (include/trace/events/mmflags.h). */
final class GfpFlags {
  private static final Map<String, Integer> VALUES = new LinkedHashMap<>();

  static {
    VALUES.put("GFP_KERNEL", 0xcc0);
    VALUES.put("GFP_ATOMIC", 0x820);
    VALUES.put("GFP_NOWAIT", 0x800);
    VALUES.put("__GFP_ZERO", 0x100);
    VALUES.put("__GFP_NOWARN", 0x2000);
    VALUES.put("__GFP_COMP", 0x40000);
  }

  private GfpFlags() {}

  /** The pairs for {@code __print_flags}. */
  static String printed() {
    return VALUES.entrySet().stream()
        .map(flag -> "{ 0x%x, \"%s\" }".formatted(flag.getValue(), flag.getKey()))
        .collect(Collectors.joining(", "));
  }

  /** The value of a text such as {@code GFP_KERNEL|__GFP_ZERO}; {@code none} is 0. */
  static int value(String text) {
    int value = 0;
    for (String name : text.split("\\|")) {
      if (!name.isEmpty() && !name.equals("none")) {
        Integer flag = VALUES.get(name);
        if (flag == null) {
          throw new IllegalStateException("no value known for [gfp=%s]".formatted(name));
        }
        value |= flag;
      }
    }
    return value;
  }
}
