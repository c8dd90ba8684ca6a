package io.dmascope.producer.synthetic.fault;

import io.dmascope.model.event.DmaDirection;
import io.dmascope.model.event.MapApi;
import io.dmascope.model.scatterlist.PhysList;
import io.dmascope.producer.synthetic.machine.Attachment;
import io.dmascope.producer.synthetic.machine.Coherent;
import io.dmascope.producer.synthetic.machine.Context;
import io.dmascope.producer.synthetic.machine.DmaDevice;
import io.dmascope.producer.synthetic.machine.LinkedRange;
import io.dmascope.producer.synthetic.machine.SgMapping;
import io.dmascope.producer.synthetic.machine.Single;
import java.util.function.Predicate;

/**
 * One way to break one rule: a call that it is committed at, when that is possible, and how.
 *
 * @param <T> the call: what a driver hands over, or what it was given
 */
public final class Fault<T> {

  /** A call of {@code dma_map_page()} and the like, before it is made. */
  public record MapCall(
      DmaDevice device,
      MapApi api,
      long physAddr,
      long sizeBytes,
      DmaDirection direction,
      long attrs) {}

  /** A call of {@code dma_map_sg()}, before it is made. */
  public record MapSgCall(DmaDevice device, PhysList list, DmaDirection direction, long attrs) {}

  /** An attachment that is none any more, and the event that told of it. */
  public record Detached(Attachment attachment, long detachedAt) {}

  /** Commits the fault and notes it. What it returns replaces the call; null where nothing does. */
  @FunctionalInterface
  interface Deed<T> {
    Object commit(Context at, T call, TruthLog log);
  }

  /** Where a fault is committed. */
  enum Occasion {
    MAP,
    MAPPED,
    UNMAP,
    MAP_SG,
    MAPPED_SG,
    UNMAP_SG,
    FREE,
    LINKED,
    IMPORTED,
    DETACHED,
    /** Comes once a device, so that a fault does not wait for another. */
    UNBINDING
  }

  private final String ruleId;
  private final String what;
  private final Occasion occasion;
  private final Predicate<T> fits;
  private final Deed<T> deed;
  private final boolean lasting;

  private Fault(String ruleId, String what, Occasion occasion, Predicate<T> fits, Deed<T> deed) {
    this(ruleId, what, occasion, fits, deed, false);
  }

  private Fault(
      String ruleId,
      String what,
      Occasion occasion,
      Predicate<T> fits,
      Deed<T> deed,
      boolean lasting) {
    this.ruleId = ruleId;
    this.what = what;
    this.occasion = occasion;
    this.fits = fits;
    this.deed = deed;
    this.lasting = lasting;
  }

  static Fault<MapCall> insteadOfMap(
      String ruleId, String what, Predicate<MapCall> fits, Deed<MapCall> deed) {
    return new Fault<>(ruleId, what, Occasion.MAP, fits, deed);
  }

  static Fault<Single> afterMap(
      String ruleId, String what, Predicate<Single> fits, Deed<Single> deed) {
    return new Fault<>(ruleId, what, Occasion.MAPPED, fits, deed);
  }

  static Fault<Single> insteadOfUnmap(
      String ruleId, String what, Predicate<Single> fits, Deed<Single> deed) {
    return new Fault<>(ruleId, what, Occasion.UNMAP, fits, deed);
  }

  static Fault<MapSgCall> insteadOfMapSg(
      String ruleId, String what, Predicate<MapSgCall> fits, Deed<MapSgCall> deed) {
    return new Fault<>(ruleId, what, Occasion.MAP_SG, fits, deed);
  }

  static Fault<SgMapping> afterMapSg(
      String ruleId, String what, Predicate<SgMapping> fits, Deed<SgMapping> deed) {
    return new Fault<>(ruleId, what, Occasion.MAPPED_SG, fits, deed);
  }

  static Fault<SgMapping> insteadOfUnmapSg(
      String ruleId, String what, Predicate<SgMapping> fits, Deed<SgMapping> deed) {
    return new Fault<>(ruleId, what, Occasion.UNMAP_SG, fits, deed);
  }

  static Fault<Coherent> insteadOfFree(
      String ruleId, String what, Predicate<Coherent> fits, Deed<Coherent> deed) {
    return new Fault<>(ruleId, what, Occasion.FREE, fits, deed);
  }

  static Fault<LinkedRange> afterLink(
      String ruleId, String what, Predicate<LinkedRange> fits, Deed<LinkedRange> deed) {
    return new Fault<>(ruleId, what, Occasion.LINKED, fits, deed);
  }

  static Fault<Attachment> afterImport(
      String ruleId, String what, Predicate<Attachment> fits, Deed<Attachment> deed) {
    return new Fault<>(ruleId, what, Occasion.IMPORTED, fits, deed);
  }

  static Fault<DmaDevice> beforeUnbind(
      String ruleId, String what, Predicate<DmaDevice> fits, Deed<DmaDevice> deed) {
    return new Fault<>(ruleId, what, Occasion.UNBINDING, fits, deed);
  }

  static Fault<Detached> afterDetach(
      String ruleId, String what, Predicate<Detached> fits, Deed<Detached> deed) {
    return new Fault<>(ruleId, what, Occasion.DETACHED, fits, deed);
  }

  /** The same, done at every call that fits, from the first to the last. */
  Fault<T> always() {
    return new Fault<>(ruleId, what, occasion, fits, deed, true);
  }

  boolean isLasting() {
    return lasting;
  }

  /** The rule that it breaks. */
  public String ruleId() {
    return ruleId;
  }

  /** What is done, in words; with the rule it names the fault. */
  public String what() {
    return what;
  }

  Occasion occasion() {
    return occasion;
  }

  /** True where it can be committed at this call. */
  boolean fits(T call) {
    return fits.test(call);
  }

  Object commit(Context at, T call, TruthLog log) {
    return deed.commit(at, call, log.of(this));
  }

  @Override
  public String toString() {
    return ruleId + " " + what;
  }
}
