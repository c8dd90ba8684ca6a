package io.dmascope.model.rule;

import static java.util.stream.Collectors.joining;

import io.dmascope.model.mapping.EventCounts;
import io.dmascope.model.mapping.EventCounts.Family;
import io.dmascope.model.rig.RecordingSetup;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Why a family of events is missing from a capture, as far as the rig manifest tells: nobody asked
 * for it, this kernel does not have it, or it was recorded and simply did not happen. Only the
 * first is worth another recording.
 */
final class RecordedEvents {
  private final RecordingSetup setup;
  private final EventCounts counts;

  RecordedEvents(RecordingSetup setup, EventCounts counts) {
    this.setup = setup;
    this.counts = counts;
  }

  /** Says why none of the families, any of which would do, was seen. */
  String because(Family... needs) {
    List<Family> recorded = Stream.of(needs).filter(this::recorded).toList();
    if (!recorded.isEmpty()) {
      return "recorded, and the capture has none of: " + words(recorded);
    }
    List<Family> offered = Stream.of(needs).filter(this::offered).toList();
    if (offered.isEmpty()) {
      return "this kernel does not have: " + words(Arrays.asList(needs));
    }
    return "the capture has none of: "
        + words(Arrays.asList(needs))
        + " [record="
        + offered.stream().map(Family::record).distinct().collect(joining(","))
        + "]";
  }

  /**
   * True where all was on that this kernel has of the family. Intel's faults are in the kernel log
   * alone, and a manifest that names its recorder is the capture kit's, which keeps that log.
   */
  private boolean recorded(Family family) {
    // Who sees devices join their domains has the iommu events on: no map means identity domains,
    // which never reach iommu_map() (drivers/iommu/dma-iommu.c use_dma_iommu()).
    if (family == Family.IOMMU && counts.seen(Family.IOMMU_SETUP)) {
      return true;
    }
    Optional<List<String>> enabled = setup.enabledEvents();
    if (family == Family.FAULT
        && enabled.orElse(List.of()).contains(RecordingSetup.KERNEL_LOG_FAULTS)) {
      return true;
    }
    if (enabled.isEmpty() || (family == Family.FAULT && setup.recorder().isEmpty())) {
      return false;
    }
    List<String> wanted =
        setup.availableEvents().orElse(enabled.get()).stream().filter(family::carriedBy).toList();
    return !wanted.isEmpty() && enabled.get().containsAll(wanted);
  }

  /** False only where the manifest lists the kernel's events, and none is of the family. */
  private boolean offered(Family family) {
    return !family.hasTracepoints()
        || setup
            .availableEvents()
            .map(events -> events.stream().anyMatch(family::carriedBy))
            .orElse(true);
  }

  private static String words(List<Family> families) {
    return families.stream().map(Family::what).collect(joining("; "));
  }
}
