package io.dmascope.model.mapping;

/**
 * A device of the capture, what is known of it, and its running counts. Counts are since the
 * capture's start.
 */
public final class Device {
  /** What {@code __string(device, dev_name(dev))} holds where there is no name yet. */
  static final String NAMELESS = "(null)";

  private final int id;
  private final String name;

  /** The IOMMU group, or -1. */
  int group = -1;

  /** The capture saw the device arrive, so that every mapping of it was made inside the capture. */
  boolean bornInCapture;

  boolean eventsSeen;

  /** Its memory was looked for among the mappings of others when it left. */
  boolean gone;

  /** What a driver left behind was told, and no driver has come since. */
  boolean leftBehindTold;

  boolean addressSpaceTorn;
  long iommuTranslated;
  long direct;
  long bounces;
  long bouncedBytes;
  long tracedDmaMask;
  long maps;
  long unmaps;
  long mapFailures;
  long mappedBytes;
  long liveMappings;
  long liveBytes;
  long sgEntriesIn;
  long sgEntriesOut;
  long violations;
  long aliasedSingles;

  /** Unmaps of something the capture never saw mapped: the device was at work before. */
  long unseenUnmaps;

  /** Live mappings that were dropped for want of room; see {@link LiveBounds}. */
  long forgotten;

  /** Live objects by what {@link LiveBounds} tells apart; an object may have several instances. */
  int liveStreaming;

  int liveOthers;

  long summarisedAtNs = Long.MIN_VALUE;
  boolean changedSinceSummary;

  /*
   * A driver may leave out dma_unmap where dma_need_unmap() says so (direct mapping, coherent, never bounced). It shows as
   * buffers that the device writes being mapped again and again at one address. A bug can do that now and then; this many
   * times is a policy.
   */
  private static final long ALIASES_OF_AN_ELIDING_DRIVER = 64;

  Device(int id, String name) {
    this.id = id;
    this.name = name;
  }

  /** 0-based number in order of appearance. */
  public int id() {
    return id;
  }

  public String name() {
    return name;
  }

  /**
   * True where the events were made before {@code dev_set_name()}: any number of devices may stand
   * behind it, each of which has a name of its own later.
   */
  public boolean isNameless() {
    return name.equals(NAMELESS);
  }

  public int group() {
    return group;
  }

  /** The streaming mask as the last {@code swiotlb_bounced} printed it; 0 where none did. */
  public long tracedDmaMask() {
    return tracedDmaMask;
  }

  public boolean bornInCapture() {
    return bornInCapture;
  }

  /** Live mappings that had to be forgotten; 0 for all but endless or strange recordings. */
  public long forgotten() {
    return forgotten;
  }

  /** True for the one that stands for all devices beyond {@link DeviceTable#DEVICES_MAX}. */
  public boolean crowd() {
    return id == DeviceTable.DEVICES_MAX;
  }

  /** True where mappings of this device went through an IOMMU inside the capture. */
  public boolean translated() {
    return iommuTranslated > 0 && !crowd();
  }

  /**
   * True where a wrong unmap told the IOMMU's address allocator to free what it had not given out
   * that way: what it gives out from now on may be in use.
   */
  public boolean addressSpaceTorn() {
    return addressSpaceTorn;
  }

  /**
   * True where a mapping of the device had its physical address, so that no IOMMU stands between.
   */
  public boolean isDirect() {
    return direct > 0;
  }

  /** True where lists came back with fewer entries, the latest, which lost that many, left out. */
  public boolean mergedBefore(int latest) {
    return sgEntriesIn - sgEntriesOut > latest;
  }

  /** True where the driver evidently does not unmap all it maps, which direct mapping allows. */
  public boolean elidesUnmaps() {
    return aliasedSingles >= ALIASES_OF_AN_ELIDING_DRIVER;
  }
}
