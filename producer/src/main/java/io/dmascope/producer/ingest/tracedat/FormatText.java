package io.dmascope.producer.ingest.tracedat;

import io.dmascope.producer.ingest.tracedat.FormatField.Placement;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A {@code format} file of tracefs: {@code name: dma_map_sg}, {@code ID: 370}, its fields, and
 * {@code print fmt: "...", REC->...}.
 *
 * @param id what {@code common_type} of a record holds; -1 where the text tells none
 * @param printFmt all of the print format, the C expressions included
 */
record FormatText(String name, int id, Map<String, FormatField> fields, String printFmt) {
  private static final Pattern NAME = Pattern.compile("^name: *(\\S+)$", Pattern.MULTILINE);
  private static final Pattern ID = Pattern.compile("^ID: *(\\d{1,5})$", Pattern.MULTILINE);
  private static final Pattern PRINT_FMT = Pattern.compile("^print fmt: *(.*)$", Pattern.MULTILINE);
  private static final Pattern FIELD =
      Pattern.compile(
          "^[ \\t]*+field: *+([^;\\n]{1,400}+);[ \\t]*+offset: *+(\\d{1,9});"
              + "[ \\t]*+size: *+(\\d{1,9});(?:[ \\t]*+signed: *+([01]);)?",
          Pattern.MULTILINE);
  // "__data_loc char[] device", "char buf[]", "struct dma_buf_attachment * attach", "char comm[16]"
  private static final Pattern DECLARATION =
      Pattern.compile("(?:(__data_loc|__rel_loc) +)?(.*?)(\\w+)(\\[[^\\]]*\\])?");

  static FormatText parse(String text) {
    Map<String, FormatField> fields = new LinkedHashMap<>();
    for (Matcher line = FIELD.matcher(text); line.find(); ) {
      Matcher declaration = DECLARATION.matcher(line.group(1).strip());
      if (declaration.matches()) {
        FormatField field = field(declaration, line);
        fields.putIfAbsent(field.name(), field);
      }
    }
    String id = first(ID, text);
    return new FormatText(
        first(NAME, text),
        id.isEmpty() ? -1 : Integer.parseInt(id),
        fields,
        first(PRINT_FMT, text));
  }

  private static FormatField field(Matcher declaration, Matcher line) {
    Placement placement =
        switch (declaration.group(1)) {
          case "__data_loc" -> Placement.DATA_LOC;
          case "__rel_loc" -> Placement.REL_LOC;
          case null, default -> Placement.INLINE;
        };
    String brackets = declaration.group(4) == null ? "" : declaration.group(4);
    return new FormatField(
        declaration.group(3),
        declaration.group(2).strip() + brackets,
        placement,
        Integer.parseInt(line.group(2)),
        Integer.parseInt(line.group(3)),
        "1".equals(line.group(4)));
  }

  private static String first(Pattern pattern, String text) {
    Matcher matcher = pattern.matcher(text);
    return matcher.find() ? matcher.group(1) : "";
  }

  /** Returns the field, or null where this kernel's record has none of that name. */
  FormatField field(String fieldName) {
    return fields.get(fieldName);
  }

  /** True where the kernel prints the field, so that it also fills it. */
  boolean prints(String fieldName) {
    return Pattern.compile("REC->" + Pattern.quote(fieldName) + "\\b").matcher(printFmt).find();
  }
}
