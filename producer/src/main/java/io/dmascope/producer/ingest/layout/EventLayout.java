package io.dmascope.producer.ingest.layout;

import io.dmascope.producer.ingest.text.Ascii;
import io.dmascope.producer.ingest.text.Words;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * How one tracepoint is written: its labels in the order in which kernels print them, and what each
 * value is.
 *
 * <p>{@link #TABLE} has the text of {@code TP_printk} of every kernel generation in one row; after
 * the bar stand the names of fields, as far as they differ from the labels: tools print them where
 * they cannot format the event, and binary records are read by them.
 */
/* hot path */
public final class EventLayout {
  /*
   * %SLOT alone is a value without a label. ?label may be absent. a/b: one of the two is there.
   * Labels lie: dma_map_sg_err prints physical addresses under "dma_addrs", and dma_unmap_sg has
   * neither DMA addresses nor lengths.
   */
  private static final String TABLE =
      """
      dma dma_map_page %DEVICE dir=%DIRECTION dma_addr=%DMA_ADDR size=%SIZE phys_addr=%PHYS_ADDR attrs=%ATTRS | device=%DEVICE
      dma dma_map_resource %DEVICE dir=%DIRECTION dma_addr=%DMA_ADDR size=%SIZE phys_addr=%PHYS_ADDR attrs=%ATTRS | device=%DEVICE
      dma dma_map_phys %DEVICE dir=%DIRECTION dma_addr=%DMA_ADDR size=%SIZE phys_addr=%PHYS_ADDR attrs=%ATTRS | device=%DEVICE
      dma dma_unmap_page %DEVICE dir=%DIRECTION dma_addr=%DMA_ADDR size=%SIZE attrs=%ATTRS | device=%DEVICE addr=%DMA_ADDR
      dma dma_unmap_resource %DEVICE dir=%DIRECTION dma_addr=%DMA_ADDR size=%SIZE attrs=%ATTRS | device=%DEVICE addr=%DMA_ADDR
      dma dma_unmap_phys %DEVICE dir=%DIRECTION dma_addr=%DMA_ADDR size=%SIZE attrs=%ATTRS | device=%DEVICE addr=%DMA_ADDR
      dma dma_map_sg %DEVICE dir=%DIRECTION ?nents=%NENTS ?ents=%ENTS ?[TRUNCATED]%TRUNCATED_WORD dma_addrs=%DMA_ADDRS sizes=%LENGTHS phys_addrs=%PHYS_ADDRS attrs=%ATTRS | device=%DEVICE full_nents=%NENTS full_ents=%ENTS truncated=%TRUNCATED lengths=%LENGTHS
      dma dma_map_sg_err %DEVICE dir=%DIRECTION dma_addrs=%PHYS_ADDRS err=%ERROR attrs=%ATTRS | device=%DEVICE phys_addrs=%PHYS_ADDRS
      dma dma_unmap_sg %DEVICE dir=%DIRECTION phys_addrs=%PHYS_ADDRS attrs=%ATTRS | device=%DEVICE addrs=%PHYS_ADDRS
      dma dma_alloc %DEVICE ?dir=%DIRECTION dma_addr=%DMA_ADDR size=%SIZE virt_addr=%CPU_ADDR/phys_addr=%CPU_PHYS_ADDR flags=%GFP_FLAGS attrs=%ATTRS | device=%DEVICE
      dma dma_alloc_pages %DEVICE dir=%DIRECTION dma_addr=%DMA_ADDR size=%SIZE virt_addr=%CPU_ADDR flags=%GFP_FLAGS attrs=%ATTRS | device=%DEVICE
      dma dma_free %DEVICE ?dir=%DIRECTION dma_addr=%DMA_ADDR size=%SIZE virt_addr=%CPU_ADDR/phys_addr=%CPU_PHYS_ADDR attrs=%ATTRS | device=%DEVICE
      dma dma_free_pages %DEVICE dir=%DIRECTION dma_addr=%DMA_ADDR size=%SIZE virt_addr=%CPU_ADDR attrs=%ATTRS | device=%DEVICE
      dma dma_alloc_sgt %DEVICE dir=%DIRECTION dma_addr=%DMA_ADDR size=%SIZE phys_addrs=%PHYS_ADDRS flags=%GFP_FLAGS attrs=%ATTRS | device=%DEVICE
      dma dma_alloc_sgt_err %DEVICE dir=%DIRECTION dma_addr=%DMA_ADDR size=%SIZE virt_addr=%CPU_ADDR flags=%GFP_FLAGS attrs=%ATTRS | device=%DEVICE
      dma dma_free_sgt %DEVICE dir=%DIRECTION dma_addr=%DMA_ADDR size=%SIZE phys_addrs=%PHYS_ADDRS | device=%DEVICE
      dma dma_sync_single_for_cpu %DEVICE dir=%DIRECTION dma_addr=%DMA_ADDR size=%SIZE | device=%DEVICE
      dma dma_sync_single_for_device %DEVICE dir=%DIRECTION dma_addr=%DMA_ADDR size=%SIZE | device=%DEVICE
      dma dma_sync_sg_for_cpu %DEVICE dir=%DIRECTION dma_addrs=%DMA_ADDRS sizes=%LENGTHS | device=%DEVICE lengths=%LENGTHS
      dma dma_sync_sg_for_device %DEVICE dir=%DIRECTION dma_addrs=%DMA_ADDRS sizes=%LENGTHS | device=%DEVICE lengths=%LENGTHS
      iommu map IOMMU: iova=%IOVA paddr=%PHYS_ADDR size=%SIZE |
      iommu unmap IOMMU: iova=%IOVA size=%SIZE unmapped_size=%UNMAPPED_SIZE |
      iommu add_device_to_group IOMMU: groupID=%GROUP device=%DEVICE | gid=%GROUP
      iommu remove_device_from_group IOMMU: groupID=%GROUP device=%DEVICE | gid=%GROUP
      iommu attach_device_to_domain IOMMU: device=%DEVICE |
      iommu io_page_fault IOMMU: %DRIVER %DEVICE iova=%IOVA flags=%FAULT_FLAGS | driver=%DRIVER device=%DEVICE
      swiotlb swiotlb_bounced dev_name: %DEVICE dma_mask=%DMA_MASK dev_addr=%DEVICE_ADDR size=%SIZE FORCE%FORCE_WORD/NORMAL%NORMAL_WORD/force=%FORCED | dev_name=%DEVICE
      dma_buf dma_buf_export exp_name=%EXPORTER size=%SIZE ino=%INODE |
      dma_buf dma_buf_mmap_internal exp_name=%EXPORTER size=%SIZE ino=%INODE |
      dma_buf dma_buf_mmap exp_name=%EXPORTER size=%SIZE ino=%INODE |
      dma_buf dma_buf_put exp_name=%EXPORTER size=%SIZE ino=%INODE |
      dma_buf dma_buf_fd exp_name=%EXPORTER size=%SIZE ino=%INODE fd=%FD |
      dma_buf dma_buf_get exp_name=%EXPORTER size=%SIZE ino=%INODE fd=%FD |
      dma_buf dma_buf_dynamic_attach exp_name=%EXPORTER size=%SIZE ino=%INODE attachment:%ATTACHMENT is_dynamic=%DYNAMIC dev_name=%DEVICE | attach=%ATTACHMENT
      dma_buf dma_buf_detach exp_name=%EXPORTER size=%SIZE ino=%INODE attachment:%ATTACHMENT is_dynamic=%DYNAMIC dev_name=%DEVICE | attach=%ATTACHMENT
      """;

  private static final Ascii IOVA = Ascii.of("iova=");
  private static final int SHORTEST_NAME = "map".length();
  private static final int TABLE_SLOTS = 256;
  private static final EventLayout[] BY_NAME = new EventLayout[TABLE_SLOTS];

  static {
    for (String row : TABLE.lines().toList()) {
      EventLayout layout = ofRow(row);
      byte[] name = Words.lineOf(layout.name().getBytes(StandardCharsets.US_ASCII));
      int slot = slotOf(name, 0, layout.name.length());
      while (BY_NAME[slot] != null) {
        slot = (slot + 1) & (TABLE_SLOTS - 1);
      }
      BY_NAME[slot] = layout;
    }
  }

  /**
   * A field of the event's binary record.
   *
   * @param needed every kernel prints it
   * @param choice one of several, of which a kernel prints one
   */
  public record Field(String name, Slot slot, boolean needed, boolean choice) {}

  private final KernelEvent event;
  private final Ascii system;
  private final Ascii name;
  private final Ascii literal;
  private final Slot[] unlabelled;
  private final Labels labels;
  private final Slot[] slots;
  private final List<Field> fields;

  /** The first of the labels that are names of fields. */
  private final int firstField;

  /** Slots that must be on the line. */
  private final long needed;

  /** Slots of which one must be on the line; 0 where there is no choice. */
  private final long neededOneOf;

  private EventLayout(
      String system,
      String name,
      String literal,
      List<Slot> unlabelled,
      List<String> labels,
      List<Slot> slots,
      int firstField,
      long needed,
      long neededOneOf) {
    this.event = KernelEvent.valueOf(name.toUpperCase(Locale.ROOT));
    this.system = Ascii.of(system);
    this.name = Ascii.of(name);
    this.literal = Ascii.of(literal);
    this.unlabelled = unlabelled.toArray(Slot[]::new);
    this.labels = new Labels(labels);
    this.slots = slots.toArray(Slot[]::new);
    this.fields = fieldsOf(unlabelled, labels, slots, firstField, needed, neededOneOf);
    this.firstField = firstField;
    this.needed = needed;
    this.neededOneOf = neededOneOf;
  }

  /**
   * Returns the layout of the event with the name {@code [from, to)}, or null: not an event of
   * ours.
   */
  public static EventLayout named(byte[] bytes, int from, int to) {
    if (to - from < SHORTEST_NAME) {
      return null;
    }
    int slot = slotOf(bytes, from, to);
    EventLayout layout;
    while ((layout = BY_NAME[slot]) != null) {
      if (layout.name.equalTo(bytes, from, to)) {
        return layout;
      }
      slot = (slot + 1) & (TABLE_SLOTS - 1);
    }
    return null;
  }

  /** Returns the layout of an event of a trace system, or null: not an event of ours. */
  public static EventLayout of(String system, String name) {
    byte[] bytes = name.getBytes(StandardCharsets.US_ASCII);
    EventLayout layout = named(Words.lineOf(bytes), 0, bytes.length);
    return layout != null && layout.system.toString().equals(system) ? layout : null;
  }

  /** Length, ends and middle tell the names apart well enough; {@code EventLayoutTest} counts. */
  private static int slotOf(byte[] bytes, int from, int to) {
    int length = to - from;
    int hash =
        length * 31 + bytes[to - 1] * 7 + bytes[to - 3] * 13 + bytes[from + length / 2] * 131;
    return hash & (TABLE_SLOTS - 1);
  }

  /** The event's name as tracefs prints it. */
  public String name() {
    return name.toString();
  }

  /** True where the bytes {@code [from, to)} name the trace system of this event. */
  public boolean inSystem(byte[] bytes, int from, int to) {
    return system.equalTo(bytes, from, to);
  }

  /**
   * True where the text at {@code place} can be this event's. tracefs prints names without their
   * system, and {@code map} is a name that others may use; ours has an IOVA.
   */
  public boolean owns(byte[] bytes, int place) {
    if ((event != KernelEvent.MAP && event != KernelEvent.UNMAP) || literal.isAt(bytes, place)) {
      return true;
    }
    for (int p = place; bytes[p] != '\n'; p++) {
      if (IOVA.isAt(bytes, p) || bytes[p] == '[') {
        return true;
      }
    }
    return false;
  }

  KernelEvent event() {
    return event;
  }

  boolean hasLiteral() {
    return literal.length() > 0;
  }

  Ascii literal() {
    return literal;
  }

  Slot[] unlabelled() {
    return unlabelled;
  }

  long needed() {
    return needed;
  }

  long neededOneOf() {
    return neededOneOf;
  }

  /** True where the name of a field stands at {@code place}: a tool could not format the event. */
  boolean beginsWithField(byte[] bytes, int place) {
    return labels.from(firstField, bytes, place) >= 0;
  }

  Labels labels() {
    return labels;
  }

  Slot slot(int label) {
    return slots[label];
  }

  /**
   * The fields of the event's binary record that hold what is printed. A field is named as its
   * label where no other name stands behind the bar.
   */
  public List<Field> fields() {
    return fields;
  }

  private static List<Field> fieldsOf(
      List<Slot> unlabelled,
      List<String> labels,
      List<Slot> slots,
      int firstField,
      long needed,
      long neededOneOf) {
    Set<Slot> printed = EnumSet.copyOf(slots.subList(0, firstField));
    printed.addAll(unlabelled);
    Map<Slot, String> names = new LinkedHashMap<>();
    for (int label = 0; label < labels.size(); label++) {
      if (printed.contains(slots.get(label)) && labels.get(label).endsWith("=")) {
        names.put(slots.get(label), labels.get(label).replace("=", ""));
      }
    }
    List<Field> fields = new ArrayList<>();
    names.forEach(
        (slot, name) ->
            fields.add(
                new Field(
                    name, slot, (needed & slot.bit()) != 0, (neededOneOf & slot.bit()) != 0)));
    return List.copyOf(fields);
  }

  private static EventLayout ofRow(String row) {
    String literal = "";
    List<Slot> unlabelled = new ArrayList<>();
    List<String> labels = new ArrayList<>();
    List<Slot> slots = new ArrayList<>();
    long needed = 0;
    long neededOneOf = 0;
    int firstField = -1;
    String[] words = row.split(" +", -1);
    for (String word : Arrays.copyOfRange(words, 2, words.length)) {
      if (word.equals("|")) {
        firstField = labels.size();
      } else if (word.indexOf('%') < 0) {
        literal = word;
      } else {
        boolean optional = word.startsWith("?");
        String[] choices = word.substring(optional ? 1 : 0).split("/", -1);
        long set = 0;
        for (String choice : choices) {
          int percent = choice.indexOf('%');
          Slot slot = Slot.valueOf(choice.substring(percent + 1));
          set |= slot.bit();
          if (percent == 0) {
            unlabelled.add(slot);
          } else {
            labels.add(choice.substring(0, percent));
            slots.add(slot);
          }
        }
        boolean printed = firstField < 0;
        if (printed && choices.length > 1) {
          neededOneOf = set;
        } else if (printed && !optional) {
          needed |= set;
        }
      }
    }
    return new EventLayout(
        words[0], words[1], literal, unlabelled, labels, slots, firstField, needed, neededOneOf);
  }
}
