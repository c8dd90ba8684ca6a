package io.dmascope.model.mapping;

import io.dmascope.model.event.DmaDirection;
import io.dmascope.model.event.EventHeader;
import io.dmascope.model.finding.MappingKind;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/* hot path */
/**
 * The facts about every remembered range, sixty bytes each with the link of its chain: a single
 * mapping, or one entry of a scatterlist.
 *
 * <p>A range is known by its slot, which stays its own until it is freed; the slot freed last is
 * the next to be used.
 */
final class RangeRecords {
  /*
   * Seven words side by side, so that a lookup touches one or two cache lines and the collector sees only a few arrays:
   *
   *   word 0  address of the first byte
   *   word 1  physical address; CPU address of an allocation; number of the list << 32 | index for a scatterlist's entry
   *   word 2  timestamp of the event that made it
   *   word 3  its sequence 44 | its CPU + 1 13 | direction 3 | translation 2 | torn 1 | ended 1
   *   word 4  its place 48 | number of the task's name 16
   *   word 5  its pid 32 | of an ended one the number in the ReleasedMemory 32
   *   word 6  size 32 | several 1 | kind 3 | device 13 | attributes 15
   *
   * What does not fit (a size beyond 4 GiB, an attribute no kernel knows yet, a name too many) has the field's largest
   * value here and stands in an Oddity beside the table. So does what few ranges have: more than one instance, an older
   * range at their address. Entries of a scatterlist have no event of their own.
   */
  static final int NONE = -1;

  /** A slot has 24 bits in the links of a {@link RangeIndex}. */
  private static final int SLOTS_MAX = (1 << 24) - 1;

  private static final int WORDS = 7;
  private static final int CHUNK_BITS = 10;
  private static final int CHUNK_SLOTS = 1 << CHUNK_BITS;
  private static final int CHUNK_MASK = CHUNK_SLOTS - 1;

  private static final int ADDR = 0;
  private static final int PHYS = 1;
  private static final int STAMP = 2;
  private static final int ORIGIN = 3;
  private static final int PLACE = 4;
  private static final int PID = 5;
  private static final int SHAPE = 6;

  private static final int ORIGIN_SHIFT = 7;
  private static final int DIRECTION_SHIFT = 4;
  private static final int TRANSLATION_SHIFT = 2;
  private static final long TRANSLATION_MASK = 3L << TRANSLATION_SHIFT;
  private static final long TORN = 2;
  private static final long ENDED = 1;

  /** No range has this in word 3: the direction would be none. */
  private static final long FREE = -1;

  private static final int SIZE_SHIFT = 32;
  private static final long SIZE_ODD = 0xffff_ffffL;
  private static final long SEVERAL = 1L << 31;
  private static final int KIND_SHIFT = 28;
  private static final int DEVICE_SHIFT = 15;
  private static final int DEVICE_MASK = (1 << 13) - 1;
  private static final long ATTRS_ODD = (1 << 15) - 1;

  private static final long LOW = 0xffff_ffffL;

  private static final DmaDirection[] DIRECTIONS = DmaDirection.values();
  private static final MappingKind[] KINDS = MappingKind.values();
  private static final MappedObject.Translation[] TRANSLATIONS = MappedObject.Translation.values();

  /** What a record has no room for. */
  private static final class Oddity {
    private EventHeader first;
    private EventHeader last;
    private int instances = 1;
    private long knownSince;
    private long sizeBytes;
    private long attrs;
  }

  private final TaskNames names;
  private final Map<Integer, Oddity> oddities = new HashMap<>();
  private long[][] chunks = new long[4][];
  private int[][] links = new int[4][];
  private int used;
  private int free = NONE;

  /** {@code names} numbers the names of tasks; shared with whoever keeps headers beside. */
  RangeRecords(TaskNames names) {
    this.names = names;
  }

  /** Stores a single mapping or an allocation. */
  int addSingle(
      Device device,
      MappingKind kind,
      DmaDirection direction,
      long attrs,
      long addr,
      long sizeBytes,
      long physAddr,
      EventHeader header) {
    int slot = allocate();
    fillSingle(slot, device, kind, direction, attrs, addr, sizeBytes, physAddr, header);
    return slot;
  }

  /** Stores a single mapping in a slot that is taken. */
  void fillSingle(
      int slot,
      Device device,
      MappingKind kind,
      DmaDirection direction,
      long attrs,
      long addr,
      long sizeBytes,
      long physAddr,
      EventHeader header) {
    long[] words = chunk(slot);
    int at = at(slot);
    words[at + ADDR] = addr;
    words[at + PHYS] = physAddr;
    words[at + SHAPE] = shape(slot, device, kind, sizeBytes, attrs);
    int name = HeaderWords.fits(header) ? names.take(header.comm()) : TaskNames.NONE;
    long use = (long) direction.ordinal() << DIRECTION_SHIFT;
    if (name == TaskNames.NONE) {
      oddity(slot).first = header;
      words[at + PLACE] = TaskNames.NONE;
      words[at + ORIGIN] = use;
      return;
    }
    words[at + STAMP] = header.timestampNs();
    words[at + ORIGIN] = HeaderWords.origin(header) << ORIGIN_SHIFT | use;
    words[at + PLACE] = HeaderWords.place(header, name);
    words[at + PID] = (long) header.pid() << 32;
  }

  /** Stores one entry of a scatterlist. */
  int addEntry(Device device, long addr, long sizeBytes, int list, int index) {
    int slot = allocate();
    long[] words = chunk(slot);
    int at = at(slot);
    words[at + ADDR] = addr;
    words[at + PHYS] = (long) list << 32 | index;
    words[at + STAMP] = 0;
    words[at + ORIGIN] = 0;
    words[at + PLACE] = TaskNames.NONE;
    words[at + SHAPE] = shape(slot, device, MappingKind.SCATTER_GATHER, sizeBytes, 0);
    return slot;
  }

  private long shape(int slot, Device device, MappingKind kind, long sizeBytes, long attrs) {
    boolean oddSize = Long.compareUnsigned(sizeBytes, SIZE_ODD) >= 0;
    boolean oddAttrs = Long.compareUnsigned(attrs, ATTRS_ODD) >= 0;
    if (oddSize || oddAttrs) {
      Oddity oddity = oddity(slot);
      oddity.sizeBytes = sizeBytes;
      oddity.attrs = attrs;
    }
    return (oddSize ? SIZE_ODD : sizeBytes) << SIZE_SHIFT
        | (long) kind.ordinal() << KIND_SHIFT
        | (long) device.id() << DEVICE_SHIFT
        | (oddAttrs ? ATTRS_ODD : attrs);
  }

  /** Forgets a range; its slot is the next to be used. */
  void free(int slot) {
    long[] words = chunk(slot);
    int at = at(slot);
    names.drop((int) (words[at + PLACE] & TaskNames.NONE));
    if (!oddities.isEmpty()) {
      oddities.remove(slot);
    }
    words[at + ORIGIN] = FREE;
    link(slot, free);
    free = slot;
  }

  boolean isFree(int slot) {
    return word(slot, ORIGIN) == FREE;
  }

  long addr(int slot) {
    return word(slot, ADDR);
  }

  long sizeBytes(int slot) {
    long size = word(slot, SHAPE) >>> SIZE_SHIFT;
    return size == SIZE_ODD ? oddities.get(slot).sizeBytes : size;
  }

  /** Last byte; the first one for an empty range. */
  long lastAddr(int slot) {
    return Addresses.last(addr(slot), sizeBytes(slot));
  }

  boolean contains(int slot, long first, long last) {
    long addr = addr(slot);
    long size = sizeBytes(slot);
    return size != 0
        && Long.compareUnsigned(addr, first) <= 0
        && Long.compareUnsigned(last, Addresses.last(addr, size)) <= 0;
  }

  boolean overlaps(int slot, long first, long last) {
    long addr = addr(slot);
    long size = sizeBytes(slot);
    return size != 0
        && Long.compareUnsigned(addr, last) <= 0
        && Long.compareUnsigned(first, Addresses.last(addr, size)) <= 0;
  }

  int device(int slot) {
    return (int) word(slot, SHAPE) >>> DEVICE_SHIFT & DEVICE_MASK;
  }

  MappingKind kind(int slot) {
    return KINDS[(int) (word(slot, SHAPE) >>> KIND_SHIFT) & 7];
  }

  /** True for an entry of a scatterlist. */
  boolean isEntry(int slot) {
    return kind(slot) == MappingKind.SCATTER_GATHER;
  }

  /** The number of the list that the entry belongs to. */
  int list(int entry) {
    return (int) (word(entry, PHYS) >>> 32);
  }

  /** The entry's 0-based place in its list. */
  int index(int entry) {
    return (int) word(entry, PHYS);
  }

  DmaDirection direction(int slot) {
    return DIRECTIONS[(int) (word(slot, ORIGIN) >>> DIRECTION_SHIFT) & 7];
  }

  long attrs(int slot) {
    long attrs = word(slot, SHAPE) & ATTRS_ODD;
    return attrs == ATTRS_ODD ? oddities.get(slot).attrs : attrs;
  }

  long physAddr(int slot) {
    return word(slot, PHYS);
  }

  /** Sequence of the event that made it first. */
  long sequence(int slot) {
    long[] words = chunk(slot);
    int at = at(slot);
    return (words[at + PLACE] & TaskNames.NONE) == TaskNames.NONE
        ? oddities.get(slot).first.sequence()
        : words[at + ORIGIN] >>> (ORIGIN_SHIFT + HeaderWords.CPU_BITS);
  }

  /** Sequence of the event that made it last. */
  long lastSequence(int slot) {
    EventHeader last = lastMapped(slot);
    return last == null ? sequence(slot) : last.sequence();
  }

  /** The event that made it first. */
  EventHeader firstMapped(int slot) {
    long[] words = chunk(slot);
    int at = at(slot);
    int name = (int) (words[at + PLACE] & TaskNames.NONE);
    return name == TaskNames.NONE
        ? oddities.get(slot).first
        : HeaderWords.header(
            words[at + STAMP],
            words[at + ORIGIN] >>> ORIGIN_SHIFT,
            words[at + PLACE],
            (int) (words[at + PID] >>> 32),
            names.name(name));
  }

  /** The event that made it last, where it is not the first; else null. */
  EventHeader lastMapped(int slot) {
    return several(slot) ? oddities.get(slot).last : null;
  }

  /** How often it is mapped now. */
  int instances(int slot) {
    if (!live(slot)) {
      return 0;
    }
    return several(slot) ? oddities.get(slot).instances : 1;
  }

  /** See {@link MappedObject#knownSince()}. */
  long knownSince(int slot) {
    return several(slot) ? oddities.get(slot).knownSince : sequence(slot);
  }

  void mapAgain(int slot, EventHeader header) {
    Oddity oddity = severalOf(slot);
    oddity.instances++;
    oddity.last = header;
  }

  /** Ends one instance; true where none is left. */
  boolean unmapOnce(int slot) {
    return !several(slot) || --oddities.get(slot).instances == 0;
  }

  void knownSince(int slot, long sequence) {
    if (sequence < knownSince(slot)) {
      severalOf(slot).knownSince = sequence;
    }
  }

  /** Restores what a stored range had beyond its record. */
  void several(int slot, int instances, EventHeader last, long knownSince) {
    Oddity oddity = severalOf(slot);
    oddity.instances = instances;
    oddity.last = last;
    oddity.knownSince = knownSince;
  }

  boolean several(int slot) {
    return (word(slot, SHAPE) & SEVERAL) != 0;
  }

  MappedObject.Translation translation(int slot) {
    return TRANSLATIONS[(int) (word(slot, ORIGIN) >>> TRANSLATION_SHIFT) & 3];
  }

  void translation(int slot, MappedObject.Translation translation) {
    long[] words = chunk(slot);
    int at = at(slot) + ORIGIN;
    words[at] = (words[at] & ~TRANSLATION_MASK) | (long) translation.ordinal() << TRANSLATION_SHIFT;
  }

  boolean torn(int slot) {
    return (word(slot, ORIGIN) & TORN) != 0;
  }

  void tear(int slot) {
    chunk(slot)[at(slot) + ORIGIN] |= TORN;
  }

  boolean live(int slot) {
    return (word(slot, ORIGIN) & ENDED) == 0;
  }

  void end(int slot) {
    chunk(slot)[at(slot) + ORIGIN] |= ENDED;
  }

  /** The number in the {@link ReleasedMemory} of a single mapping that ended. */
  int number(int slot) {
    return (int) word(slot, PID);
  }

  void number(int slot, int number) {
    long[] words = chunk(slot);
    int at = at(slot) + PID;
    words[at] = (words[at] & ~LOW) | (number & LOW);
  }

  /** The link to the next in the chain of a {@link RangeIndex}; see there. */
  int link(int slot) {
    return links[slot >>> CHUNK_BITS][slot & CHUNK_MASK];
  }

  void link(int slot, int next) {
    links[slot >>> CHUNK_BITS][slot & CHUNK_MASK] = next;
  }

  /** Slots that were ever used; some of them may be free. */
  int used() {
    return used;
  }

  /** Takes a slot that is to be restored; {@link #restored} has to follow. */
  void claim(int slot) {
    makeRoom(slot);
    used = Math.max(used, slot + 1);
  }

  /** Ends the restoration: the slots between those taken are free. */
  void restored() {
    free = NONE;
    for (int slot = used - 1; slot >= 0; slot--) {
      if (isFree(slot)) {
        link(slot, free);
        free = slot;
      }
    }
  }

  private int allocate() {
    int slot = free;
    if (slot != NONE) {
      free = link(slot);
      return slot;
    }
    if (used == SLOTS_MAX) {
      throw new IllegalStateException("more ranges than LiveBounds allows [ranges=" + used + "]");
    }
    slot = used++;
    makeRoom(slot);
    return slot;
  }

  private void makeRoom(int slot) {
    int chunk = slot >>> CHUNK_BITS;
    while (chunk >= chunks.length) {
      chunks = Arrays.copyOf(chunks, chunks.length * 2);
      links = Arrays.copyOf(links, links.length * 2);
    }
    for (int i = chunk; i >= 0 && chunks[i] == null; i--) {
      chunks[i] = new long[CHUNK_SLOTS * WORDS];
      links[i] = new int[CHUNK_SLOTS];
      for (int at = ORIGIN; at < chunks[i].length; at += WORDS) {
        chunks[i][at] = FREE;
      }
    }
  }

  private Oddity severalOf(int slot) {
    Oddity oddity = oddity(slot);
    if (!several(slot)) {
      oddity.knownSince = sequence(slot);
      oddity.last = null;
      chunk(slot)[at(slot) + SHAPE] |= SEVERAL;
    }
    return oddity;
  }

  private Oddity oddity(int slot) {
    return oddities.computeIfAbsent(slot, key -> new Oddity());
  }

  private long word(int slot, int word) {
    return chunk(slot)[at(slot) + word];
  }

  private long[] chunk(int slot) {
    return chunks[slot >>> CHUNK_BITS];
  }

  private static int at(int slot) {
    return (slot & CHUNK_MASK) * WORDS;
  }
}
