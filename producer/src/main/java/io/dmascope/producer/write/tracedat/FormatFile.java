package io.dmascope.producer.write.tracedat;

import java.util.List;

/** Prints an event's {@code format} file as a kernel of a given long size does. */
public final class FormatFile {
  private final int longSize;

  public FormatFile(int longSize) {
    this.longSize = longSize;
  }

  /**
   * The text of the file. Fields lie behind each other, each at a multiple of its size.
   *
   * @param declarations fields as C declares them, e.g. {@code __data_loc char[] device}
   * @param printFmt the print format with its arguments
   */
  public String text(String name, int id, List<String> declarations, String printFmt) {
    StringBuilder text =
        new StringBuilder("name: %s\nID: %d\nformat:\n".formatted(name, id))
            .append(line("unsigned short common_type", 0, 2, false))
            .append(line("unsigned char common_flags", 2, 1, false))
            .append(line("unsigned char common_preempt_count", 3, 1, false))
            .append(line("int common_pid", 4, 4, true))
            .append('\n');
    int offset = 8;
    for (String declaration : declarations) {
      int size = sizeOf(declaration.substring(0, declaration.lastIndexOf(' ')));
      int alignment = Math.max(size, 1);
      offset = (offset + alignment - 1) / alignment * alignment;
      text.append(line(declaration, offset, size, declaration.startsWith("int ")));
      offset += size;
    }
    return text.append("\nprint fmt: %s\n".formatted(printFmt)).toString();
  }

  private static String line(String declaration, int offset, int size, boolean signed) {
    return "\tfield:%s;\toffset:%d;\tsize:%d;\tsigned:%d;\n"
        .formatted(declaration, offset, size, signed ? 1 : 0);
  }

  private int sizeOf(String type) {
    return switch (type) {
      case "u64", "dma_addr_t" -> 8;
      case "size_t", "unsigned long", "ino_t", "void *", "struct dma_buf_attachment *" -> longSize;
      case "bool" -> 1;
      case "char" -> 0;
      default -> 4;
    };
  }
}
