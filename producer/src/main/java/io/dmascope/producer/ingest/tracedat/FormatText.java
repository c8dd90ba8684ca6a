package io.dmascope.producer.ingest.tracedat;

import io.dmascope.producer.ingest.tracedat.FormatField.Placement;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A {@code format} file of tracefs, or {@code header_page}, which has fields only:
 *
 * <pre>
 * name: dma_map_sg
 * ID: 370
 * format:
 *         field:__data_loc char[] device;  offset:8;  size:4;  signed:0;
 * print fmt: "%s dir=%s ...", __get_str(device), __print_symbolic(REC->dir, ...
 * </pre>
 *
 * @param id what {@code common_type} of a record holds; -1 where the text tells none
 * @param printFmt all of the print format, the C expressions included
 */
public record FormatText(String name, int id, Map<String, FormatField> fields, String printFmt) {
  /** Fields of one event; the kernel's largest have some 40. */
  private static final int FIELDS_MAX = 1024;

  private static final String DATA_LOC = "__data_loc ";
  private static final String REL_LOC = "__rel_loc ";

  /** Reads the text; lines that are no fields are passed over. */
  public static FormatText parse(String text) {
    String name = "";
    int id = -1;
    String printFmt = "";
    Map<String, FormatField> fields = new LinkedHashMap<>();
    int end;
    for (int start = 0; start < text.length(); start = end + 1) {
      int newline = text.indexOf('\n', start);
      end = newline < 0 ? text.length() : newline;
      String line = text.substring(start, end).strip();
      if (line.startsWith("field:")) {
        FormatField field = parseField(line);
        if (field != null && fields.size() < FIELDS_MAX) {
          fields.putIfAbsent(field.name(), field);
        }
      } else if (line.startsWith("name:")) {
        name = line.substring("name:".length()).strip();
      } else if (line.startsWith("ID:")) {
        id = number(line.substring("ID:".length()));
      } else if (line.startsWith("print fmt:")) {
        printFmt = line.substring("print fmt:".length()).strip();
      }
    }
    return new FormatText(name, id, fields, printFmt);
  }

  /** Returns null for a line that describes no field that could be read. */
  private static FormatField parseField(String line) {
    String[] parts = line.split(";", -1);
    int offset = -1;
    int size = -1;
    boolean signed = false;
    for (int i = 1; i < parts.length; i++) {
      String part = parts[i].strip();
      if (part.startsWith("offset:")) {
        offset = number(part.substring("offset:".length()));
      } else if (part.startsWith("size:")) {
        size = number(part.substring("size:".length()));
      } else if (part.startsWith("signed:")) {
        signed = part.endsWith("1");
      }
    }
    String declaration = parts[0].substring("field:".length()).strip();
    return offset < 0 || size < 0 ? null : declared(declaration, offset, size, signed);
  }

  // "__data_loc char[] device", "char buf[]", "struct dma_buf_attachment * attach", "char comm[16]"
  private static FormatField declared(String declaration, int offset, int size, boolean signed) {
    Placement placement = Placement.INLINE;
    String rest = declaration;
    if (rest.startsWith(DATA_LOC)) {
      placement = Placement.DATA_LOC;
      rest = rest.substring(DATA_LOC.length());
    } else if (rest.startsWith(REL_LOC)) {
      placement = Placement.REL_LOC;
      rest = rest.substring(REL_LOC.length());
    }
    String brackets = "";
    if (rest.endsWith("]")) {
      brackets = rest.substring(Math.max(0, rest.lastIndexOf('[')));
      rest = rest.substring(0, rest.length() - brackets.length());
    }
    int nameAt = Math.max(rest.lastIndexOf(' '), rest.lastIndexOf('*')) + 1;
    String type = rest.substring(0, nameAt).strip() + brackets;
    return new FormatField(rest.substring(nameAt), type, placement, offset, size, signed);
  }

  /** Returns -1 where there is none, or one that is too large for anything in a format. */
  private static int number(String text) {
    String digits = text.strip();
    if (digits.isEmpty() || digits.length() > 9) {
      return -1;
    }
    for (int i = 0; i < digits.length(); i++) {
      if (digits.charAt(i) < '0' || digits.charAt(i) > '9') {
        return -1;
      }
    }
    return Integer.parseInt(digits);
  }

  /** Returns the field, or null where this kernel's record has none of that name. */
  public FormatField field(String fieldName) {
    return fields.get(fieldName);
  }

  /** True where the kernel prints the field, so that it also fills it. */
  boolean prints(String fieldName) {
    String reference = "REC->" + fieldName;
    int at = printFmt.indexOf(reference);
    while (at >= 0) {
      int behind = at + reference.length();
      if (behind == printFmt.length() || !Character.isJavaIdentifierPart(printFmt.charAt(behind))) {
        return true;
      }
      at = printFmt.indexOf(reference, behind);
    }
    return false;
  }
}
