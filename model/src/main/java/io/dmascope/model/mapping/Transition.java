package io.dmascope.model.mapping;

import io.dmascope.model.dmabuf.Refusal;
import io.dmascope.model.event.DmaBufEvent;
import io.dmascope.model.event.DmaDirection;
import io.dmascope.model.event.EventHeader;
import io.dmascope.model.event.ProbeEvent;
import io.dmascope.model.event.SyncTarget;
import io.dmascope.model.event.U64List;
import io.dmascope.model.finding.MappingKind;
import java.util.List;

/**
 * One event and everything of the state that rules need to judge it. Reused from event to event;
 * valid inside {@code inspect} only.
 *
 * <p>Which parts are set depends on {@link #op()}; references are null and lists empty where there
 * is nothing.
 */
public final class Transition {
  private final CaptureState state;

  Op op;
  EventHeader header;
  Device device;
  MappingKind kind;
  DmaDirection direction;
  long dmaAddr;
  long sizeBytes;
  long attrs;
  boolean attrsTraced;
  long cpuAddr;
  U64List physAddrs = U64List.EMPTY;
  int nents;
  int ents;
  MappedObject object;
  Range range;
  int candidates;
  Range surrounding;
  Range formerly;
  MappedObject formerList;
  EventHeader endedBefore;
  MappedObject elsewhere;
  Range overlap;
  boolean overlapExplained;
  List<Tasks.Run> runs = List.of();
  Tasks.Bounce bounce;
  Tasks.Removal removal;
  Tasks.Run doubleRun;
  boolean removalClaimed;
  long blockBytes;
  CachelineOwners.Owner lineOwner;
  IovaTransactions.Fault iovaFault;
  EventHeader begunAt;
  MappedObject twin;
  MappedObject orphan;
  int orphans;
  Range stale;
  boolean noPageTableRemoval;
  SyncTarget syncTarget;
  LeftBehind leftBehind;
  GrowthHistory.GrowingSite growing;
  boolean accessKnown;
  boolean write;
  long timeErrorNs;
  FaultDevice faultDevice = FaultDevice.NAMED;
  Device alias;
  DmaBufEvent buffer;
  EventHeader detachedBefore;
  EventHeader unchecked;
  boolean alone;
  ProbeEvent probe;
  SgTables.Known table;
  ImportedBuffer imported;
  Refusal refusal;
  EventHeader mappedHere;
  EventHeader otherMap;
  CpuBracket bracket;
  long previousTimestampNs;

  Transition(CaptureState state) {
    this.state = state;
  }

  Transition begin(Op op, EventHeader header, Device device) {
    this.op = op;
    this.header = header;
    this.device = device;
    kind = null;
    direction = DmaDirection.UNKNOWN;
    dmaAddr = 0;
    sizeBytes = 0;
    attrs = 0;
    attrsTraced = false;
    cpuAddr = 0;
    physAddrs = U64List.EMPTY;
    nents = 1;
    ents = 1;
    object = null;
    range = null;
    candidates = 0;
    surrounding = null;
    formerly = null;
    formerList = null;
    endedBefore = null;
    elsewhere = null;
    overlap = null;
    overlapExplained = false;
    runs = List.of();
    bounce = null;
    removal = null;
    doubleRun = null;
    removalClaimed = false;
    blockBytes = 0;
    lineOwner = null;
    iovaFault = null;
    begunAt = null;
    twin = null;
    orphan = null;
    orphans = 0;
    stale = null;
    noPageTableRemoval = false;
    syncTarget = null;
    leftBehind = null;
    growing = null;
    buffer = null;
    detachedBefore = null;
    unchecked = null;
    alone = false;
    probe = null;
    table = null;
    imported = null;
    refusal = null;
    mappedHere = null;
    otherMap = null;
    bracket = null;
    return this;
  }

  /** The {@link Sign}s that the transition shows, as a bit set. */
  public int signs() {
    return Sign.of(this);
  }

  public Op op() {
    return op;
  }

  public EventHeader header() {
    return header;
  }

  /** Null for events that name none. */
  public Device device() {
    return device;
  }

  /** The family of the call: what an unmap takes the object for. */
  public MappingKind kind() {
    return kind;
  }

  public DmaDirection direction() {
    return direction;
  }

  public long dmaAddr() {
    return dmaAddr;
  }

  public long sizeBytes() {
    return sizeBytes;
  }

  public long attrs() {
    return attrs;
  }

  /** False where the event's layout carries no attributes. */
  public boolean attrsTraced() {
    return attrsTraced;
  }

  /** CPU address of a free; 0 where unknown. */
  public long cpuAddr() {
    return cpuAddr;
  }

  /** Entries that the call passed. */
  public int nents() {
    return nents;
  }

  public int ents() {
    return ents;
  }

  /** The object made, or the one that the event was matched with. */
  public MappedObject object() {
    return object;
  }

  /** The range of {@link #object()} that was matched. */
  public Range range() {
    return range;
  }

  /** How many live ranges start at the address, where none was matched. */
  public int candidates() {
    return candidates;
  }

  /** A live range that has the address inside, where none was matched. */
  public Range surrounding() {
    return surrounding;
  }

  /** The released range around the address that ended last, where none was matched. */
  public Range formerly() {
    return formerly;
  }

  /** The released scatterlist with these entries that ended last, where none was matched. */
  public MappedObject formerList() {
    return formerList;
  }

  /** An object of another device that starts at the address, where none was matched. */
  public MappedObject elsewhere() {
    return elsewhere;
  }

  /** An older live range that the new object shares bytes with. */
  public Range overlap() {
    return overlap;
  }

  /**
   * True where the older range's page-table entries were seen removed, so that its unmap is only
   * logged late.
   */
  public boolean overlapExplained() {
    return overlapExplained;
  }

  /** Page-table runs of the same task that made the new object, oldest first. */
  public List<Tasks.Run> runs() {
    return runs;
  }

  /** The bounce that preceded on the same task. */
  public Tasks.Bounce bounce() {
    return bounce;
  }

  /** The page-table removal in question. */
  public Tasks.Removal removal() {
    return removal;
  }

  /** True where a DMA unmap claimed the removal; false where it may belong to VFIO or the like. */
  public boolean removalClaimed() {
    return removalClaimed;
  }

  /**
   * Bytes of the block whose mapping was rightly unmapped, where the page-table removal has others;
   * else 0.
   */
  public long blockBytes() {
    return blockBytes;
  }

  /**
   * Where the mapping was made that the new one shares a line of the cache with, or null; asked for
   * machines that have devices without snooping.
   */
  public EventHeader sharesLineSince() {
    return lineOwner == null ? null : lineOwner.mapped();
  }

  /** The device of that mapping. */
  public Device sharesLineWith() {
    return lineOwner == null ? null : lineOwner.device();
  }

  /** What is wrong with a call of the two-step interface, or null. */
  public IovaTransactions.Fault iovaFault() {
    return iovaFault;
  }

  /** Where the transaction of such a call began. */
  public EventHeader begunAt() {
    return begunAt;
  }

  /** Another live scatterlist of the device with the same entries, the youngest; or null. */
  public MappedObject twin() {
    return twin;
  }

  /** The oldest live mapping of memory whose device has gone. */
  public MappedObject orphan() {
    return orphan;
  }

  /** How many such mappings there are. */
  public int orphans() {
    return orphans;
  }

  /** A range of the device that was unmapped so lately that its address cannot be free again. */
  public Range stale() {
    return stale;
  }

  /** An unclaimed run of the task that the new run overlaps. */
  public Tasks.Run doubleRun() {
    return doubleRun;
  }

  /**
   * True where unmaps of this device remove page tables first, and this one did not: the kernel
   * found nothing mapped, and no earlier unmap of something unseen may have removed it.
   */
  public boolean noPageTableRemoval() {
    return noPageTableRemoval;
  }

  /** What is still mapped where a driver lets go of its device; null where nothing is. */
  public LeftBehind leftBehind() {
    return leftBehind;
  }

  /** The site whose live set grows. */
  public GrowthHistory.GrowingSite growing() {
    return growing;
  }

  public SyncTarget syncTarget() {
    return syncTarget;
  }

  public boolean accessKnown() {
    return accessKnown;
  }

  public boolean write() {
    return write;
  }

  /** A device that may be meant in place of the fault's, which maps nothing itself; or null. */
  public Device alias() {
    return alias;
  }

  /** How the device of a fault is known. */
  public FaultDevice faultDevice() {
    return faultDevice;
  }

  /** How far the time of a fault may be off; see {@link io.dmascope.model.event.IoPageFault}. */
  public long timeErrorNs() {
    return timeErrorNs;
  }

  public DmaBufEvent buffer() {
    return buffer;
  }

  /** The earlier detach of the same attachment. */
  public EventHeader detachedBefore() {
    return detachedBefore;
  }

  /** Where the mapping that ends was made, if a recorder saw nobody check its address. */
  public EventHeader unchecked() {
    return unchecked;
  }

  /** True where nothing else started at the address of the {@link #unchecked()} mapping. */
  public boolean alone() {
    return alone;
  }

  /** The probe event, for the operations named after one. */
  public ProbeEvent probe() {
    return probe;
  }

  /** The sg_table in question as it was seen before. */
  public SgTables.Known table() {
    return table;
  }

  /** The importer's side of the shared buffer in question, as far as it is known. */
  public ImportedBuffer imported() {
    return imported;
  }

  /** Why the contract of shared buffers forbids the call. */
  public Refusal refusal() {
    return refusal;
  }

  /** Where the table that is unmapped had been mapped. */
  public EventHeader mappedHere() {
    return mappedHere;
  }

  /** Where the attachment's last map was made, if the table that is unmapped is none of its own. */
  public EventHeader otherMap() {
    return otherMap;
  }

  /** The CPU's brackets around the buffer that it accesses. */
  public CpuBracket bracket() {
    return bracket;
  }

  public long previousTimestampNs() {
    return previousTimestampNs;
  }

  /** The state as it is after the event. */
  public CaptureState state() {
    return state;
  }
}
