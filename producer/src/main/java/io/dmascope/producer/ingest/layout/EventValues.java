package io.dmascope.producer.ingest.layout;

import io.dmascope.model.event.AllocApi;
import io.dmascope.model.event.DmaAlloc;
import io.dmascope.model.event.DmaAllocSgt;
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

/**
 * The values of one event, each in its slot, whatever form they were recorded in: from here on text
 * and binary are the same. An instance holds the values of one event at a time.
 */
/* hot path */
public final class EventValues {
  private static final Slot[] SLOTS = Slot.values();

  /** A list's traced count where nothing tells it. */
  private static final long NOT_TOLD = -1;

  private final long[] numbers = new long[SLOTS.length];
  private final String[] strings = new String[SLOTS.length];
  private final U64List[] lists = new U64List[SLOTS.length];
  private long present;
  private long tracedNents;
  private long tracedEnts;
  private EventLayout layout;
  private String problem = "";

  /**
   * Forgets the last event.
   *
   * @param slots a set of the slots that are known to be there, by {@link Slot#bit}; others are
   *     {@link #mark}ed as they are met
   */
  public void begin(EventLayout eventLayout, long slots) {
    layout = eventLayout;
    present = slots;
    tracedNents = NOT_TOLD;
    tracedEnts = NOT_TOLD;
  }

  /** Says what the slot holds, which is there: a number, direction, pointer or flag. */
  public void set(Slot slot, long value) {
    numbers[slot.ordinal()] = value;
  }

  public void set(Slot slot, String value) {
    strings[slot.ordinal()] = value;
  }

  public void set(Slot slot, U64List value) {
    lists[slot.ordinal()] = value;
  }

  /** Says how many entries of a list were traced, where the recording tells. */
  void traced(Slot count, long entries) {
    if (count == Slot.NENTS) {
      tracedNents = entries;
    } else {
      tracedEnts = entries;
    }
  }

  /** Notes that the slot is there. */
  void mark(Slot slot) {
    present |= slot.bit();
  }

  /** True where everything is there that kernels print of the event; else {@link #problem}. */
  boolean isComplete() {
    long missing = layout.needed() & ~present;
    if (missing != 0) {
      return reject("lacks " + SLOTS[Long.numberOfTrailingZeros(missing)]);
    }
    long oneOf = layout.neededOneOf();
    if (oneOf != 0 && (present & oneOf) == 0) {
      return reject("lacks " + SLOTS[Long.numberOfTrailingZeros(oneOf)]);
    }
    return true;
  }

  /** True where the lists fit each other and their counts; else {@link #problem}. */
  public boolean listsAgree() {
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
        || reject("lists " + one + " and " + other + " differ in size");
  }

  /** The first layout printed no counts: then the lists are whole. */
  private boolean countsHold(Slot count, long traced, Slot list) {
    int listed = list(list).size();
    if (!has(count)) {
      numbers[count.ordinal()] = listed;
      return true;
    }
    boolean holds = (traced < 0 || traced == listed) && listed <= number(count);
    return holds || reject(count + " does not count " + list);
  }

  private boolean reject(String why) {
    problem = why;
    return false;
  }

  /** Why the values make no event, for the user. */
  public String problem() {
    return problem;
  }

  boolean has(Slot slot) {
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

  /** By name; empty where the record of that kernel has none. */
  private String gfpFlags() {
    return has(Slot.GFP_FLAGS) ? text(Slot.GFP_FLAGS) : "";
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

  /** Makes the event of the values, under {@code header}. */
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
        gfpFlags(),
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
        gfpFlags(),
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
