package io.dmascope.model.mapping;

import static org.assertj.core.api.Assertions.assertThat;

import io.dmascope.model.event.TraceEvent;
import io.dmascope.model.random.RandomTrace;
import java.util.ArrayList;
import java.util.List;
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
    everySlot_isFreeOrRemembered(mappings);
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
      for (MappedObject object : liveObjects(mappings)) {
        if (object.device() == device) {
          instances += object.instances();
          bytes += object.instances() * object.sizeBytes();
        }
      }
      assertThat(device.liveMappings).isEqualTo(instances);
      assertThat(device.liveBytes).isEqualTo(bytes);
    }
  }

  private static List<MappedObject> liveObjects(LiveMappings mappings) {
    List<MappedObject> live = new ArrayList<>();
    for (Range range : mappings.ranges().live()) {
      if (range.owner() instanceof MappedSingle single) {
        live.add(single);
      }
    }
    mappings
        .listStore()
        .forEach(
            list -> {
              if (list.live()) {
                live.add(list);
              }
            });
    return live;
  }

  private static void everySlot_isFreeOrRemembered(LiveMappings mappings) {
    RangeRecords records = mappings.records();
    int live = 0;
    int ended = 0;
    for (int slot = 0; slot < records.used(); slot++) {
      if (records.isFree(slot)) {
        continue;
      }
      if (records.live(slot)) {
        live++;
      } else {
        ended++;
      }
      if (records.isEntry(slot)) {
        MappedList list = mappings.listStore().at(records.list(slot));
        assertThat(list.entry(records.index(slot))).isEqualTo(slot);
        assertThat(records.live(slot)).isEqualTo(list.live());
      }
    }
    assertThat(mappings.ranges().live()).hasSize(live);
    assertThat(mappings.released().ranges()).isEqualTo(ended + replaced(mappings));
    assertThat(ended).isLessThanOrEqualTo(ReleasedMemory.RANGES_MAX);
  }

  /** Entries of ended lists whose place a younger entry has taken. */
  private static int replaced(LiveMappings mappings) {
    int[] replaced = {0};
    mappings
        .listStore()
        .forEach(
            list -> {
              for (int i = 0; !list.live() && i < list.rangeCount(); i++) {
                replaced[0] += list.entry(i) == RangeRecords.NONE ? 1 : 0;
              }
            });
    return replaced[0];
  }
}
