package io.dmascope.model.finding;

import java.util.List;

/** Every reason for a doubt there is, with its kind and the sentence that a reader gets. */
public enum Reason {
  LOST_BETWEEN(DoubtKind.LOSSES, "events were lost in between"),
  LOST_BETWEEN_ON_CPU(DoubtKind.LOSSES, "events were lost in between on CPU %s"),
  UNREAD_BETWEEN(DoubtKind.LOSSES, "an event in between could not be read"),
  LOST_BEFORE(DoubtKind.LOSSES, "events were lost before"),
  LOST_BEFORE_ON_CPU(DoubtKind.LOSSES, "events were lost before on CPU %s"),
  UNREAD_BEFORE(DoubtKind.LOSSES, "an event before could not be read"),
  LOST_AROUND(DoubtKind.LOSSES, "events were lost around it"),
  LOST_AROUND_ON_CPU(DoubtKind.LOSSES, "events were lost around it on CPU %s"),
  LOST_BEFORE_AND_TORN(DoubtKind.LOSSES, LOST_BEFORE.sentence + ", and " + Words.TORN),
  LOST_BEFORE_ON_CPU_AND_TORN(
      DoubtKind.LOSSES, LOST_BEFORE_ON_CPU.sentence + ", and " + Words.TORN),
  UNREAD_BEFORE_AND_TORN(DoubtKind.LOSSES, UNREAD_BEFORE.sentence + ", and " + Words.TORN),

  MAPPED_BEFORE(DoubtKind.LATE_START, "the recording may have begun after it was mapped"),
  OPENED_BEFORE(DoubtKind.LATE_START, "the recording may have begun after a bracket was opened"),
  AT_WORK_BEFORE(
      DoubtKind.LATE_START, "the recording has just begun and the device was at work before"),
  PEER_BEFORE(
      DoubtKind.LATE_START,
      "a peer's memory may be mapped many times at one address, also before the recording began"),

  CLOCKS_APART(DoubtKind.CLOCKS, "the clocks of CPUs %s and %s may be %s ns apart, or more"),

  TORN(DoubtKind.DISORDER, Words.TORN),

  CROWD(DoubtKind.MEMORY, "the recording names more devices than are told apart"),
  FORGOTTEN(DoubtKind.MEMORY, "more was mapped at once than is remembered"),
  RUNS_FORGOTTEN(DoubtKind.MEMORY, "the task made more page-table runs than are remembered"),
  HISTORY_FORGOTTEN(DoubtKind.MEMORY, "older mappings are no longer remembered"),

  ELIDES_UNMAPS(
      DoubtKind.LICENCE,
      "the driver leaves out unmaps, which direct mapping allows, so that a stale mapping may stand"
          + " here"),
  MAY_ELIDE(DoubtKind.LICENCE, "without an IOMMU a driver may leave out unmaps (dma_need_unmap)"),
  CLIENT_MAY_HAVE_STOPPED(
      DoubtKind.LICENCE, "a directly mapped client need not unmap, and may have stopped already"),
  TWO_LISTS(DoubtKind.LICENCE, "two lists over the same pages are legal and look the same"),
  OLDER_KERNEL(DoubtKind.LICENCE, "only kernels from 7.3 on are known to demand it"),
  BUS_ADDRESS(DoubtKind.LICENCE, "device memory may be mapped at its bus address"),
  SAME_GROUP(
      DoubtKind.LICENCE, "the two devices share an IOMMU group, so the address is good for both"),

  OTHER_USER(
      DoubtKind.OTHER_DOMAIN, "no DMA unmap belongs to it: another user of the IOMMU may allow it"),
  NO_DOMAIN_NAMED(
      DoubtKind.OTHER_DOMAIN,
      "iommu:map names no domain, and another domain may use the same IOVA"),
  NO_DEVICE_NAMED(
      DoubtKind.OTHER_DOMAIN, "iommu:unmap names no device, and another one may use the same IOVA"),

  OTHER_BOUNCE(DoubtKind.OTHER_CALL, "the bounce may belong to another mapping of the task"),

  POOL(DoubtKind.NOT_RECORDED, "the buffer may come from a pool that was mapped before"),
  NO_BOUNCES(DoubtKind.NOT_RECORDED, "it may have bounced: no swiotlb events are recorded"),
  NO_PAGE_TABLES(DoubtKind.NOT_RECORDED, "it may be translated: no iommu events are recorded"),
  NO_PAGE_TABLES_BEFORE(
      DoubtKind.NOT_RECORDED, "an IOMMU may stand before the device: its events are not recorded"),
  NO_BACKEND(DoubtKind.NOT_RECORDED, "it is not recorded whether the device is behind an IOMMU"),
  LONGER_ENTRY(
      DoubtKind.NOT_RECORDED, "one entry alone may have been longer, which lifts the limit"),
  NO_UNLINK(DoubtKind.NOT_RECORDED, "an unlink in between may not have been recorded"),
  NO_FLUSH(DoubtKind.NOT_RECORDED, "no flush is recorded; the queue may have been flushed early"),
  SEVERAL_RECORDINGS(DoubtKind.NOT_RECORDED, "several recordings may stand in one file"),

  DEVICE_INFERRED(
      DoubtKind.NOT_RECORDED, "the fault names no device: %s alone has or had the page mapped"),
  DEVICE_UNNAMED(DoubtKind.NOT_RECORDED, "the fault names no device"),
  MAY_HAVE_RUN_OVER(
      DoubtKind.NOT_RECORDED,
      "it may as well have run over the end of the live mapping at %s, which the page follows"),
  MAY_BE_AFTER_UNMAP(
      DoubtKind.NOT_RECORDED, "the page was mapped itself before, at %s, and unmapped since"),

  ALIAS(
      DoubtKind.MACHINE,
      "%s maps nothing in the recording and %s has the page mapped: one may be the other's DMA"
          + " alias"),
  NO_DRIVER_BOUND(
      DoubtKind.MACHINE,
      "no driver was bound when the manifest was made, so that the mask may not be its own"),
  MAY_SNOOP(DoubtKind.MACHINE, "the caches may snoop the device, then it is harmless"),
  OTHER_DMA_RANGE(DoubtKind.MACHINE, "the entry may lie in another dma-range of the bus"),
  OTHER_LIMITS(DoubtKind.MACHINE, "the manifest's segment limits may not be the device's"),
  OWN_LIMITS(DoubtKind.MACHINE, "the driver may have limits of its own"),
  SHORTER_BUS(DoubtKind.MACHINE, "the bus may reach less far than the device's mask"),
  ACS_UNKNOWN(DoubtKind.MACHINE, "the manifest does not say whether ACS redirects at %s"),
  CPU_UNKNOWN(DoubtKind.MACHINE, "the manifest does not name the processor"),

  COARSE_TIME(
      DoubtKind.TIME_BOUND,
      "the fault's time is known only from the kernel log, too coarsely to say which came first"),
  NO_BOUND(DoubtKind.TIME_BOUND, "no bound is written down"),
  TREND(DoubtKind.TIME_BOUND, "a trend is no proof: a cache that is still filling looks the same");

  private static final class Words {
    static final String TORN = "a wrong unmap of this device before may have freed the address";
  }

  private final DoubtKind kind;
  private final String sentence;

  Reason(DoubtKind kind, String sentence) {
    this.kind = kind;
    this.sentence = sentence;
  }

  public DoubtKind kind() {
    return kind;
  }

  String sentence(List<String> facts) {
    return sentence.formatted(facts.toArray());
  }
}
