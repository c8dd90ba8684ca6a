package io.dmascope.producer.ingest.layout;

import io.dmascope.model.event.AllocApi;
import io.dmascope.model.event.DmaAlloc;
import io.dmascope.model.event.DmaAllocSgt;
import io.dmascope.model.event.DmaAttrs;
import io.dmascope.model.event.DmaBufEvent;
import io.dmascope.model.event.DmaDirection;
import io.dmascope.model.event.DmaFree;
import io.dmascope.model.event.DmaFreeSgt;
import io.dmascope.model.event.DmaMap;
import io.dmascope.model.event.DmaMapSg;
import io.dmascope.model.event.DmaMapSgError;
import io.dmascope.model.event.DmaSync;
import io.dmascope.model.event.DmaSyncSg;
import io.dmascope.model.event.DmaUnmap;
import io.dmascope.model.event.DmaUnmapSg;
import io.dmascope.model.event.EventHeader;
import io.dmascope.model.event.IoPageFault;
import io.dmascope.model.event.IommuAttach;
import io.dmascope.model.event.IommuGroupChange;
import io.dmascope.model.event.IommuMap;
import io.dmascope.model.event.IommuUnmap;
import io.dmascope.model.event.MapApi;
import io.dmascope.model.event.SwiotlbBounce;
import io.dmascope.model.event.SyncTarget;
import io.dmascope.model.event.TraceEvent;
import io.dmascope.model.event.U64List;
import io.dmascope.producer.ingest.text.Ascii;
import io.dmascope.producer.ingest.text.Lines;
import io.dmascope.producer.ingest.text.TextCache;
import io.dmascope.producer.ingest.text.ValueReader;
import java.util.OptionalLong;

/**
 * Turns the text of one event into a {@code TraceEvent}: {@link #read} takes the values off the
 * line, {@link #event} makes the record of them.
 *
 * <p>Reads what the kernel prints, and the two forms that tools print where they cannot format an
 * event:
 *
 * <pre>
 * 0000:00:04.0 dir=TO_DEVICE dma_addr=fffff000 size=512 phys_addr=10200 attrs=
 * [FAILED TO PARSE] device=0000:00:04.0 full_nents=1 ... phys_addrs=ARRAY[00, b0, ...] dir=2 attrs=0x100
 * device=0000:00:08.0 phys_addr=0x7ea6c578 (2124858744) dma_addr=0xffbb2578 (4290454904) ...
 * </pre>
 *
 * <p>An instance holds the values of one line at a time.
 */
/* hot path */
public final class EventDecoder {
  private static final Ascii FAILED_TO_PARSE = Ascii.of("[FAILED TO PARSE] ");

  /** {@code %p} of nothing: older kernels, and the C library that trace-cmd prints with. */
  private static final Ascii[] NULL_POINTERS = {Ascii.of("(null)"), Ascii.of("(nil)")};

  /** Printed for every pointer until the kernel has entropy to hash it with. */
  private static final Ascii UNHASHED_POINTER = Ascii.of("(____ptrval____)");

  private static final Ascii[] DIRECTION_NAMES = {
    Ascii.of("BIDIRECTIONAL"), Ascii.of("TO_DEVICE"), Ascii.of("FROM_DEVICE"), Ascii.of("NONE")
  };
  private static final Slot[] SLOTS = Slot.values();

  private final TextCache texts;
  private final ValueReader values = new ValueReader();
  private final long[] numbers = new long[SLOTS.length];
  private final String[] strings = new String[SLOTS.length];
  private final U64List[] lists = new U64List[SLOTS.length];
  private long present;
  private long tracedNents;
  private long tracedEnts;

  /** The attributes last read, and what they were read from. */
  private String attrsText = "";

  private long attrs;

  private EventLayout layout;
  private String problem = "";
  private int problemLabel;

  /** Decodes with the strings of {@code texts}. */
  public EventDecoder(TextCache texts) {
    this.texts = texts;
  }

  /**
   * Takes the values of an event off its line.
   *
   * @param text where the event's text begins, behind its name
   * @return the line feed that ends the line, or {@link ValueReader#NO_VALUE} where the text is not
   *     what a kernel prints: {@link #problem} says why
   */
  public int read(EventLayout eventLayout, byte[] b, int text) {
    layout = eventLayout;
    present = 0;
    int p = text;
    boolean formatted = !FAILED_TO_PARSE.isAt(b, p);
    if (!formatted) {
      p += FAILED_TO_PARSE.length();
    }
    if (layout.hasLiteral() && layout.literal().isAt(b, p)) {
      p = Lines.afterBlanks(b, p + layout.literal().length());
    }
    if (layout.unlabelled().length > 0 && !layout.beginsWithField(b, p)) {
      p = readUnlabelled(b, p);
    }
    int end = readLabelled(b, p, formatted);
    return end >= 0 && isComplete() && listsAgree() ? end : ValueReader.NO_VALUE;
  }

  private boolean isComplete() {
    long missing = layout.needed() & ~present;
    if (missing != 0) {
      return reject("lacks " + SLOTS[Long.numberOfTrailingZeros(missing)], -1);
    }
    long oneOf = layout.neededOneOf();
    if (oneOf != 0 && (present & oneOf) == 0) {
      return reject("lacks " + SLOTS[Long.numberOfTrailingZeros(oneOf)], -1);
    }
    return true;
  }

  /** Why {@link #read} refused the text, for the user. */
  public String problem() {
    String where = problemLabel < 0 ? "" : layout.labelText(problemLabel) + " ";
    return layout.name() + ": " + where + problem;
  }

  private int readLabelled(byte[] b, int from, boolean formatted) {
    EventLayout l = layout;
    int p = from;
    int expected = 0;
    while (b[p] != '\n') {
      int label = l.labelAt(b, p, expected);
      if (label >= 0) {
        Slot slot = l.slot(label);
        if ((present & slot.bit()) != 0) {
          return refuse("stands on the line twice", label);
        }
        present |= slot.bit();
        p = readValue(slot, b, p + l.labelBytes(label), formatted);
        if (p < 0 || !Lines.isEnd(b[p])) {
          return refuse("has no readable value", label);
        }
        expected = label + 1;
      } else {
        p = afterUnknown(b, p);
        if (p < 0) {
          return refuse("has unexpected text", -1);
        }
      }
      if (b[p] == ' ') {
        p++;
      }
      if (b[p] <= ' ') {
        p = Lines.afterBlanks(b, p);
      }
    }
    return p;
  }

  /** Reads text up to the first label; of two values the first ends at a blank. */
  private int readUnlabelled(byte[] b, int from) {
    Slot[] unlabelled = layout.unlabelled();
    int p = from;
    for (int i = 0; i < unlabelled.length; i++) {
      boolean last = i == unlabelled.length - 1;
      int to = last ? endOfText(b, p) : Lines.endOfToken(b, p);
      setText(unlabelled[i], b, p, to);
      p = Lines.afterBlanks(b, to);
    }
    return p;
  }

  private void setText(Slot slot, byte[] b, int from, int to) {
    strings[slot.ordinal()] = texts.text(b, from, to);
    present |= slot.bit();
  }

  /** Returns where a text ends: before the blank that a known label follows, or with the line. */
  private int endOfText(byte[] b, int from) {
    int end = Lines.endOfToken(b, from);
    while (b[end] != '\n') {
      int next = Lines.afterBlanks(b, end);
      if (Lines.isEnd(b[next]) || layout.labelAt(b, next, 0) >= 0) {
        break;
      }
      end = Lines.endOfToken(b, next);
    }
    return end;
  }

  /** A label of a kernel to come is passed over, and so is the decimal twin of a field's value. */
  private static int afterUnknown(byte[] b, int from) {
    int to = Lines.endOfToken(b, from);
    boolean skippable = b[from] == '(' || b[from] == '[';
    for (int p = from + 1; p < to && !skippable; p++) {
      skippable = b[p] == '=';
    }
    return skippable ? to : ValueReader.NO_VALUE;
  }

  /** Reads a value into its slot and returns the place behind it. */
  private int readValue(Slot slot, byte[] b, int from, boolean formatted) {
    return switch (slot.form()) {
      case HEX -> take(slot, formatted ? values.hex(b, from) : values.number(b, from));
      case DECIMAL -> take(slot, values.number(b, from));
      case INT -> take(slot, values.int32(b, from));
      case DIRECTION -> readDirection(b, from);
      case ATTRS -> readAttrs(b, from);
      case RANGE -> readRange(slot, b, from);
      case LIST_OF_64 -> readList(slot, b, from, Long.BYTES);
      case LIST_OF_32 -> readList(slot, b, from, Integer.BYTES);
      case COUNTS -> readCounts(slot, b, from);
      case TEXT -> readText(slot, b, from);
      case POINTER -> readPointer(slot, b, from);
      case FLAG -> readFlag(slot, b, from);
      case WORD -> from;
    };
  }

  private int readText(Slot slot, byte[] b, int from) {
    int to = endOfText(b, from);
    setText(slot, b, from, to);
    return to;
  }

  private int take(Slot slot, int end) {
    numbers[slot.ordinal()] = values.number();
    return end;
  }

  private int readList(Slot slot, byte[] b, int from, int elementBytes) {
    int end =
        b[from] == '{' ? values.printedArray(b, from) : values.dumpedArray(b, from, elementBytes);
    lists[slot.ordinal()] = values.list();
    return end;
  }

  private int readFlag(Slot slot, byte[] b, int from) {
    if (b[from] != '(') {
      return take(slot, values.number(b, from));
    }
    int end = take(slot, values.number(b, from + 1));
    return end >= 0 && b[end] == ')' ? end + 1 : ValueReader.NO_VALUE;
  }

  private int readPointer(Slot slot, byte[] b, int from) {
    for (Ascii nothing : NULL_POINTERS) {
      if (nothing.isAt(b, from)) {
        numbers[slot.ordinal()] = 0;
        return from + nothing.length();
      }
    }
    if (UNHASHED_POINTER.isAt(b, from)) {
      numbers[slot.ordinal()] = -1;
      return from + UNHASHED_POINTER.length();
    }
    return take(slot, values.hex(b, from));
  }

  private int readRange(Slot slot, byte[] b, int from) {
    int end = take(slot, values.hex(b, from));
    boolean hasEnd = end >= 0 && b[end] == ' ' && b[end + 1] == '-' && b[end + 2] == ' ';
    return hasEnd ? ValueReader.skipHex(b, end + 3) : end;
  }

  /** {@code traced/full}; a field tells the full count only. */
  private int readCounts(Slot slot, byte[] b, int from) {
    int end = values.count(b, from);
    long traced = -1;
    if (end >= 0 && b[end] == '/') {
      traced = values.number();
      end = values.count(b, end + 1);
    }
    if (slot == Slot.NENTS) {
      tracedNents = traced;
    } else {
      tracedEnts = traced;
    }
    return take(slot, end);
  }

  private int readDirection(byte[] b, int from) {
    for (int value = 0; value < DIRECTION_NAMES.length; value++) {
      if (DIRECTION_NAMES[value].isAt(b, from)) {
        numbers[Slot.DIRECTION.ordinal()] = value;
        return from + DIRECTION_NAMES[value].length();
      }
    }
    return take(Slot.DIRECTION, values.number(b, from));
  }

  /** {@code SKIP_CPU_SYNC|NO_WARN|0x8000}, {@code 0x120}, or nothing. */
  private int readAttrs(byte[] b, int from) {
    if (Lines.isEnd(b[from])) {
      numbers[Slot.ATTRS.ordinal()] = 0;
      return from;
    }
    int to = Lines.endOfToken(b, from);
    String text = texts.text(b, from, to);
    if (!text.equals(attrsText)) {
      OptionalLong bits = attrsOf(text);
      if (bits.isEmpty()) {
        return ValueReader.NO_VALUE;
      }
      attrs = bits.getAsLong();
      attrsText = text;
    }
    numbers[Slot.ATTRS.ordinal()] = attrs;
    return to;
  }

  /** Names of kernels to come are passed over: no rule of ours can depend on them. */
  private static OptionalLong attrsOf(String text) {
    long bits = 0;
    for (String part : text.split("\\|", -1)) {
      if (part.matches("0x[0-9a-f]{1,16}")) {
        bits |= Long.parseUnsignedLong(part, 2, part.length(), 16);
      } else if (part.matches("[A-Z][A-Z0-9_]*")) {
        bits |= DmaAttrs.bit(part).orElse(0);
      } else {
        return OptionalLong.empty();
      }
    }
    return OptionalLong.of(bits);
  }

  private boolean listsAgree() {
    return switch (layout.event()) {
      case DMA_MAP_SG ->
          sameSize(Slot.DMA_ADDRS, Slot.LENGTHS)
              && countsHold(Slot.NENTS, tracedNents, Slot.PHYS_ADDRS)
              && countsHold(Slot.ENTS, tracedEnts, Slot.DMA_ADDRS);
      case DMA_SYNC_SG_FOR_CPU, DMA_SYNC_SG_FOR_DEVICE -> sameSize(Slot.DMA_ADDRS, Slot.LENGTHS);
      default -> true;
    };
  }

  private boolean sameSize(Slot one, Slot other) {
    return list(one).size() == list(other).size()
        || reject("lists " + one + " and " + other + " differ in size", -1);
  }

  /** The first layout printed no counts: then the lists are whole. */
  private boolean countsHold(Slot count, long traced, Slot list) {
    int listed = list(list).size();
    if (!has(count)) {
      numbers[count.ordinal()] = listed;
      return true;
    }
    boolean holds = (traced < 0 || traced == listed) && listed <= number(count);
    return holds || reject(count + " does not count " + list, -1);
  }

  private boolean reject(String why, int label) {
    problem = why;
    problemLabel = label;
    return false;
  }

  private int refuse(String why, int label) {
    problem = why;
    problemLabel = label;
    return ValueReader.NO_VALUE;
  }

  private boolean has(Slot slot) {
    return (present & slot.bit()) != 0;
  }

  private long number(Slot slot) {
    return numbers[slot.ordinal()];
  }

  private String text(Slot slot) {
    return strings[slot.ordinal()];
  }

  private U64List list(Slot slot) {
    return lists[slot.ordinal()];
  }

  private DmaDirection direction() {
    return has(Slot.DIRECTION)
        ? DmaDirection.ofKernelValue(number(Slot.DIRECTION))
        : DmaDirection.UNKNOWN;
  }

  /**
   * {@code dma_alloc} and {@code dma_free} are always bidirectional (kernel/dma/mapping.c). The
   * first layouts declare a field for it that is never set: any other value is such garbage.
   */
  private DmaDirection coherentDirection() {
    return direction() == DmaDirection.BIDIRECTIONAL
        ? DmaDirection.BIDIRECTIONAL
        : DmaDirection.UNKNOWN;
  }

  /** Makes the event of the values last read, under {@code header}. */
  public TraceEvent event(EventHeader header) {
    return switch (layout.event()) {
      case DMA_MAP_PAGE -> map(header, MapApi.PAGE);
      case DMA_MAP_RESOURCE -> map(header, MapApi.RESOURCE);
      case DMA_MAP_PHYS -> map(header, MapApi.PHYS);
      case DMA_UNMAP_PAGE -> unmap(header, MapApi.PAGE);
      case DMA_UNMAP_RESOURCE -> unmap(header, MapApi.RESOURCE);
      case DMA_UNMAP_PHYS -> unmap(header, MapApi.PHYS);
      case DMA_MAP_SG ->
          new DmaMapSg(
              header,
              text(Slot.DEVICE),
              direction(),
              (int) number(Slot.NENTS),
              (int) number(Slot.ENTS),
              list(Slot.PHYS_ADDRS),
              list(Slot.DMA_ADDRS),
              list(Slot.LENGTHS),
              number(Slot.ATTRS));
      case DMA_MAP_SG_ERR ->
          new DmaMapSgError(
              header,
              text(Slot.DEVICE),
              direction(),
              list(Slot.PHYS_ADDRS),
              (int) number(Slot.ERROR),
              number(Slot.ATTRS));
      case DMA_UNMAP_SG ->
          new DmaUnmapSg(
              header, text(Slot.DEVICE), direction(), list(Slot.PHYS_ADDRS), number(Slot.ATTRS));
      case DMA_ALLOC -> alloc(header, AllocApi.COHERENT, coherentDirection());
      case DMA_ALLOC_PAGES -> alloc(header, AllocApi.PAGES, direction());
      case DMA_FREE -> free(header, AllocApi.COHERENT, coherentDirection());
      case DMA_FREE_PAGES -> free(header, AllocApi.PAGES, direction());
      case DMA_ALLOC_SGT -> allocSgt(header, list(Slot.PHYS_ADDRS), false);
      case DMA_ALLOC_SGT_ERR -> allocSgt(header, U64List.EMPTY, true);
      case DMA_FREE_SGT ->
          new DmaFreeSgt(
              header,
              text(Slot.DEVICE),
              direction(),
              number(Slot.DMA_ADDR),
              number(Slot.SIZE),
              list(Slot.PHYS_ADDRS));
      case DMA_SYNC_SINGLE_FOR_CPU -> sync(header, SyncTarget.CPU);
      case DMA_SYNC_SINGLE_FOR_DEVICE -> sync(header, SyncTarget.DEVICE);
      case DMA_SYNC_SG_FOR_CPU -> syncSg(header, SyncTarget.CPU);
      case DMA_SYNC_SG_FOR_DEVICE -> syncSg(header, SyncTarget.DEVICE);
      case MAP ->
          new IommuMap(header, number(Slot.IOVA), number(Slot.PHYS_ADDR), number(Slot.SIZE));
      case UNMAP ->
          new IommuUnmap(header, number(Slot.IOVA), number(Slot.SIZE), number(Slot.UNMAPPED_SIZE));
      case ADD_DEVICE_TO_GROUP ->
          new IommuGroupChange(header, (int) number(Slot.GROUP), text(Slot.DEVICE), true);
      case REMOVE_DEVICE_FROM_GROUP ->
          new IommuGroupChange(header, (int) number(Slot.GROUP), text(Slot.DEVICE), false);
      case ATTACH_DEVICE_TO_DOMAIN -> new IommuAttach(header, text(Slot.DEVICE));
      case IO_PAGE_FAULT ->
          IoPageFault.traced(
              header,
              text(Slot.DEVICE),
              text(Slot.DRIVER),
              number(Slot.IOVA),
              (int) number(Slot.FAULT_FLAGS));
      case SWIOTLB_BOUNCED ->
          new SwiotlbBounce(
              header,
              text(Slot.DEVICE),
              number(Slot.DMA_MASK),
              number(Slot.DEVICE_ADDR),
              number(Slot.SIZE),
              has(Slot.FORCE_WORD) || (has(Slot.FORCED) && number(Slot.FORCED) != 0));
      case DMA_BUF_EXPORT -> dmaBuf(header, DmaBufEvent.Kind.EXPORT);
      case DMA_BUF_MMAP_INTERNAL -> dmaBuf(header, DmaBufEvent.Kind.MMAP_INTERNAL);
      case DMA_BUF_MMAP -> dmaBuf(header, DmaBufEvent.Kind.MMAP);
      case DMA_BUF_PUT -> dmaBuf(header, DmaBufEvent.Kind.PUT);
      case DMA_BUF_FD -> dmaBuf(header, DmaBufEvent.Kind.FD);
      case DMA_BUF_GET -> dmaBuf(header, DmaBufEvent.Kind.GET);
      case DMA_BUF_DYNAMIC_ATTACH -> dmaBuf(header, DmaBufEvent.Kind.ATTACH);
      case DMA_BUF_DETACH -> dmaBuf(header, DmaBufEvent.Kind.DETACH);
    };
  }

  private DmaMap map(EventHeader header, MapApi api) {
    return new DmaMap(
        header,
        text(Slot.DEVICE),
        api,
        direction(),
        number(Slot.DMA_ADDR),
        number(Slot.SIZE),
        number(Slot.PHYS_ADDR),
        number(Slot.ATTRS));
  }

  private DmaUnmap unmap(EventHeader header, MapApi api) {
    return new DmaUnmap(
        header,
        text(Slot.DEVICE),
        api,
        direction(),
        number(Slot.DMA_ADDR),
        number(Slot.SIZE),
        number(Slot.ATTRS));
  }

  private DmaAlloc alloc(EventHeader header, AllocApi api, DmaDirection direction) {
    boolean phys = has(Slot.CPU_PHYS_ADDR);
    return new DmaAlloc(
        header,
        text(Slot.DEVICE),
        api,
        direction,
        number(Slot.DMA_ADDR),
        number(Slot.SIZE),
        number(phys ? Slot.CPU_PHYS_ADDR : Slot.CPU_ADDR),
        phys,
        text(Slot.GFP_FLAGS),
        number(Slot.ATTRS));
  }

  private DmaFree free(EventHeader header, AllocApi api, DmaDirection direction) {
    boolean phys = has(Slot.CPU_PHYS_ADDR);
    return new DmaFree(
        header,
        text(Slot.DEVICE),
        api,
        direction,
        number(Slot.DMA_ADDR),
        number(Slot.SIZE),
        number(phys ? Slot.CPU_PHYS_ADDR : Slot.CPU_ADDR),
        phys,
        number(Slot.ATTRS));
  }

  private DmaAllocSgt allocSgt(EventHeader header, U64List physAddrs, boolean failed) {
    return new DmaAllocSgt(
        header,
        text(Slot.DEVICE),
        direction(),
        number(Slot.DMA_ADDR),
        number(Slot.SIZE),
        physAddrs,
        failed,
        text(Slot.GFP_FLAGS),
        number(Slot.ATTRS));
  }

  private DmaSync sync(EventHeader header, SyncTarget target) {
    return new DmaSync(
        header, text(Slot.DEVICE), target, direction(), number(Slot.DMA_ADDR), number(Slot.SIZE));
  }

  private DmaSyncSg syncSg(EventHeader header, SyncTarget target) {
    return new DmaSyncSg(
        header, text(Slot.DEVICE), target, direction(), list(Slot.DMA_ADDRS), list(Slot.LENGTHS));
  }

  private DmaBufEvent dmaBuf(EventHeader header, DmaBufEvent.Kind kind) {
    boolean attach = kind == DmaBufEvent.Kind.ATTACH || kind == DmaBufEvent.Kind.DETACH;
    return new DmaBufEvent(
        header,
        kind,
        text(Slot.EXPORTER),
        number(Slot.SIZE),
        number(Slot.INODE),
        has(Slot.FD) ? (int) number(Slot.FD) : EventHeader.UNKNOWN,
        attach ? number(Slot.ATTACHMENT) : 0,
        attach && number(Slot.DYNAMIC) != 0,
        attach ? text(Slot.DEVICE) : "");
  }
}
