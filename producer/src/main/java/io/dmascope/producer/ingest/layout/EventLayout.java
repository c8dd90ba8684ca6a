package io.dmascope.producer.ingest.layout;

import io.dmascope.producer.ingest.text.Ascii;
import io.dmascope.producer.ingest.text.Words;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * How one tracepoint is written: its labels in the order in which kernels print them, and what each
 * value is.
 *
 * <p>{@link #TABLE} has the text of {@code TP_printk} of every kernel generation in one row; after
 * the bar stand the names of fields that tools print where they cannot format the event, as far as
 * they differ from the labels.
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

  private final KernelEvent event;
  private final Ascii system;
  private final Ascii name;
  private final Ascii literal;
  private final Slot[] unlabelled;
  private final Ascii[] labels;
  private final Slot[] slots;

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
    this.labels = labels.stream().map(Ascii::of).toArray(Ascii[]::new);
    this.slots = slots.toArray(Slot[]::new);
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
    for (int label = firstField; label < labels.length; label++) {
      if (labels[label].isAt(bytes, place)) {
        return true;
      }
    }
    return false;
  }

  Slot slot(int label) {
    return slots[label];
  }

  int labelBytes(int label) {
    return labels[label].length();
  }

  String labelText(int label) {
    return labels[label].toString();
  }

  /**
   * Returns the label at {@code place}, or -1.
   *
   * @param guess looked at first: the one that follows in the usual order
   */
  int labelAt(byte[] bytes, int place, int guess) {
    if (guess < labels.length && labels[guess].isAt(bytes, place)) {
      return guess;
    }
    for (int label = 0; label < labels.length; label++) {
      if (labels[label].isAt(bytes, place)) {
        return label;
      }
    }
    return -1;
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
