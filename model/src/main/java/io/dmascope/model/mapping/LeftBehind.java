package io.dmascope.model.mapping;

import io.dmascope.model.event.EventHeader;
import io.dmascope.model.finding.MappingKind;
import io.dmascope.model.finding.Reason;
import io.dmascope.model.finding.RelatedEvent;
import io.dmascope.model.finding.Verdict;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * What is still mapped for a device that its driver has let go of.
 *
 * @param count live mappings; equal ones count each
 * @param bytes of all of them
 * @param dmaAddr of the oldest
 * @param sizeBytes of the oldest
 * @param kind of the oldest
 * @param examples where the oldest of them were mapped, oldest first
 * @param verdict on the oldest; where it is certain of any, only such are counted
 */
public record LeftBehind(
    long count,
    long bytes,
    long dmaAddr,
    long sizeBytes,
    MappingKind kind,
    List<RelatedEvent> examples,
    Verdict verdict) {
  private static final int EXAMPLES_MAX = 3;
  private static final int NENTS_MAX = 450; // see GrowthHistory: longer ones may lack their unmap

  public LeftBehind {
    examples = List.copyOf(examples);
  }

  private record Left(
      EventHeader mapped,
      long dmaAddr,
      long sizeBytes,
      MappingKind kind,
      int instances,
      RelatedEvent mappedHere,
      Verdict verdict) {}

  /** Looks at every live mapping of the device. Null where none is owed an unmap. */
  static LeftBehind of(CaptureState state, Device device) {
    List<Left> all = new ArrayList<>();
    boolean[] ownMemory = new boolean[1];
    state
        .mappings()
        .forEachLive(
            object -> {
              if (object.device() == device) {
                // One address twice is memory of the device's own, whose dma_free is not traced.
                ownMemory[0] |= object.kind() == MappingKind.COHERENT && object.instances() > 1;
                if (isOwed(device, object)) {
                  all.add(left(state, object));
                }
              }
            });
    if (ownMemory[0]) {
      all.removeIf(left -> left.kind == MappingKind.COHERENT);
    }
    return all.isEmpty() ? null : of(all);
  }

  private static LeftBehind of(List<Left> all) {
    all.sort(Comparator.comparingLong(left -> left.mapped.sequence()));
    List<Left> certain = all.stream().filter(left -> left.verdict.doubt().isEmpty()).toList();
    List<Left> told = certain.isEmpty() ? all : certain;
    Left oldest = told.getFirst();
    return new LeftBehind(
        told.stream().mapToLong(Left::instances).sum(),
        told.stream().mapToLong(left -> left.instances * left.sizeBytes).sum(),
        oldest.dmaAddr,
        oldest.sizeBytes,
        oldest.kind,
        told.stream().limit(EXAMPLES_MAX).map(Left::mappedHere).toList(),
        oldest.verdict);
  }

  private static boolean isOwed(Device device, MappedObject object) {
    if (object.torn() || object.nents() > NENTS_MAX) {
      return false;
    }
    return switch (object.kind()) {
      case COHERENT, NONCOHERENT, NONCONTIGUOUS -> true;
      case SINGLE, RESOURCE, SCATTER_GATHER ->
          !device.elidesUnmaps() && GrowthHistory.owesUnmaps(device, object.translation());
    };
  }

  private static Left left(CaptureState state, MappedObject object) {
    boolean direct =
        switch (object.translation()) {
          case DIRECT, UNKNOWN -> true;
          case IOMMU, BOUNCED -> false;
        };
    boolean allocated =
        switch (object.kind()) {
          case COHERENT, NONCOHERENT, NONCONTIGUOUS -> true;
          case SINGLE, RESOURCE, SCATTER_GATHER -> false;
        };
    return new Left(
        object.lastMapped(),
        object.dmaAddr(),
        object.sizeBytes(),
        object.kind(),
        object.instances(),
        object.mappedHere(),
        state
            .weighing()
            .verdict(
                List.of(
                    new Premise.Stands(object),
                    Premise.given(!direct || allocated, Reason.MAY_ELIDE))));
  }
}
