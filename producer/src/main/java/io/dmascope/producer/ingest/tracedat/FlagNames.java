package io.dmascope.producer.ingest.tracedat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/**
 * Prints a flag word as the traced kernel would: by the table of masks and names in the event's own
 * print format. Flags and their order differ between kernels and builds (gfp bits are numbered by
 * configuration), so no table of ours could be right.
 *
 * <p>Sample: {@code (REC->flags) ? __print_flags(REC->flags, "|", {( unsigned long)((( gfp_t)(1UL)
 * << (10))|...), "GFP_KERNEL"}, ...) : "none"}.
 */
final class FlagNames {
  /** Distinct flag words remembered with their text; traces show a few dozen. */
  private static final int CACHED_TEXTS_MAX = 1024;

  private static final int END_OF_TABLE_CHARS_MAX = 60;

  private final long[] masks;
  private final String[] names;
  private final String zero;
  private final Map<Long, String> texts = new HashMap<>();

  private FlagNames(List<Long> masks, List<String> names, String zero) {
    this.masks = masks.stream().mapToLong(Long::longValue).toArray();
    this.names = names.toArray(String[]::new);
    this.zero = zero;
  }

  /** Reads the table for the field out of the print format; empty where there is none. */
  static FlagNames parse(String printFmt, String field) {
    List<Long> masks = new ArrayList<>();
    List<String> names = new ArrayList<>();
    int table = printFmt.indexOf("__print_flags(REC->" + field + ",");
    int end = 0;
    if (table >= 0) {
      int delimiter = printFmt.indexOf("\"|\"", table);
      ConstantExpression text =
          new ConstantExpression(printFmt, delimiter < 0 ? table : delimiter + 3);
      while (text.skip(',') && text.skip('{')) {
        OptionalLong mask = text.value();
        String name = mask.isPresent() && text.skip(',') ? text.quoted() : null;
        if (name == null || !text.skip('}')) {
          break; // the closing { 0, ((void *)0) }, or a form of C that is unknown here
        }
        masks.add(mask.getAsLong());
        names.add(name);
      }
      end = text.position();
    }
    // (REC->flags) ? __print_flags(...) : "none", behind the table and what ends it
    int none = printFmt.indexOf(": \"none\"", end);
    boolean noneForZero = table >= 0 && none >= 0 && none - end < END_OF_TABLE_CHARS_MAX;
    return new FlagNames(masks, names, noneForZero ? "none" : "");
  }

  /**
   * Prints as {@code trace_print_flags_seq()} does: in table order, each name taking its bits away,
   * what is left in hexadecimal.
   */
  String text(long flags) {
    String text = texts.get(flags);
    if (text == null) {
      text = print(flags);
      if (texts.size() < CACHED_TEXTS_MAX) {
        texts.put(flags, text);
      }
    }
    return text;
  }

  private String print(long flags) {
    if (flags == 0) {
      return zero;
    }
    StringBuilder text = new StringBuilder();
    long left = flags;
    for (int i = 0; i < masks.length && left != 0; i++) {
      if ((left & masks[i]) == masks[i] && masks[i] != 0) {
        left &= ~masks[i];
        text.append(text.isEmpty() ? "" : "|").append(names[i]);
      }
    }
    if (left != 0) {
      text.append(text.isEmpty() ? "0x" : "|0x").append(Long.toHexString(left));
    }
    return text.toString();
  }
}
