package io.dmascope.model.mapping;

import static org.assertj.core.api.Assertions.assertThat;

import io.dmascope.model.event.TraceEvent;
import io.dmascope.model.random.RandomTrace;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;

/** What holds of the state after every event of any capture. */
class InvariantsPropertyTest {
  private final List<Device> devices = new ArrayList<>();

  @Property(tries = 30, shrinking = ShrinkingMode.OFF)
  void shouldHoldAfterEveryEvent(@ForAll long seed) {
    CaptureState state = new CaptureState();
    CaptureReplay replay = new CaptureReplay(state, transition -> {}, lifecycle -> {});
    for (TraceEvent event : RandomTrace.of(seed, 300)) {
      replay.apply(event);
      check(state);
    }
  }

  private void check(CaptureState state) {
    devices.clear();
    for (int id = 0; id < state.devices().size(); id++) {
      devices.add(state.devices().at(id));
    }
    liveMappings_areMapsLessUnmaps();
    LiveMappings mappings = state.mappings();
    liveCounts_areThoseOfTheObjects(mappings);
    everyRange_standsInOneTable(mappings);
    everyObject_hasItsOwnSlot(mappings);
  }

  private void liveMappings_areMapsLessUnmaps() {
    for (Device device : devices) {
      assertThat(device.liveMappings)
          .isEqualTo(device.maps - device.unmaps - device.forgotten)
          .isNotNegative();
    }
  }

  private void liveCounts_areThoseOfTheObjects(LiveMappings mappings) {
    for (Device device : devices) {
      long instances = 0;
      long bytes = 0;
      for (MappedObject object : mappings.store().all()) {
        if (object.live() && object.device() == device) {
          instances += object.instances();
          bytes += object.instances() * object.sizeBytes();
        }
      }
      assertThat(device.liveMappings).isEqualTo(instances);
      assertThat(device.liveBytes).isEqualTo(bytes);
    }
  }

  private static void everyRange_standsInOneTable(LiveMappings mappings) {
    Set<Range> live = new HashSet<>(mappings.liveRanges());
    List<Range> released = mappings.released().ranges().sorted();
    assertThat(live).hasSameSizeAs(mappings.liveRanges());
    for (Range range : live) {
      assertThat(range.listed).isTrue();
      assertThat(range.owner.live()).isTrue();
    }
    for (Range range : released) {
      assertThat(range.listed).isTrue();
      assertThat(range.owner.live()).isFalse();
      assertThat(live).doesNotContain(range);
    }
    assertThat(released).hasSizeLessThanOrEqualTo(ReleasedMemory.RANGES_MAX);
  }

  private static void everyObject_hasItsOwnSlot(LiveMappings mappings) {
    Set<Integer> slots = new HashSet<>();
    for (MappedObject object : mappings.store().all()) {
      assertThat(slots.add(object.slot)).isTrue();
    }
    for (Range range : mappings.liveRanges()) {
      assertThat(slots).contains(range.owner.slot);
    }
    for (Range range : mappings.released().ranges().sorted()) {
      assertThat(slots).contains(range.owner.slot);
    }
  }
}
