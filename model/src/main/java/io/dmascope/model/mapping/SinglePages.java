package io.dmascope.model.mapping;

import io.dmascope.model.event.DmaDirection;
import io.dmascope.model.event.EventHeader;
import io.dmascope.model.finding.MappingKind;
import java.util.ArrayList;
import java.util.List;

/**
 * Stores single mappings, live and ended, by pages of {@link #PAGE_SLOTS} slots.
 *
 * <p>Slots are used again soon, so that mappings that come and go between two calls of {@link
 * #saveChanges} touch few pages, however many they are.
 */
final class SinglePages {
  /** A page of them has a few kilobytes. */
  static final int PAGE_SLOTS = 64;

  private final RangeRecords records;
  private final PageSet pages = new PageSet();

  /** A single mapping that was read back. {@code released} is null while it lives. */
  record Restored(int slot, EventHeader released) {}

  SinglePages(RangeRecords records) {
    this.records = records;
  }

  void changed(int slot) {
    pages.changed(slot / PAGE_SLOTS);
  }

  void saveChanges(ReleasedMemory released, CaptureState.PageSink sink) {
    pages.saveChanges(page -> encode(page, released), sink);
  }

  private byte[] encode(int page, ReleasedMemory released) {
    StateWriter out = new StateWriter();
    int from = page * PAGE_SLOTS;
    int to = Math.min(from + PAGE_SLOTS, records.used());
    for (int slot = from; slot < to; slot++) {
      if (!records.isFree(slot) && !records.isEntry(slot)) {
        encode(out.u(slot - from), slot, released);
      }
    }
    return out.isEmpty() ? null : out.toBytes();
  }

  private void encode(StateWriter out, int slot, ReleasedMemory released) {
    boolean live = records.live(slot);
    out.u(records.device(slot))
        .u(records.kind(slot).ordinal())
        .u(records.direction(slot).ordinal())
        .u(records.attrs(slot))
        .u(records.addr(slot))
        .u(records.sizeBytes(slot))
        .u(records.physAddr(slot))
        .header(records.firstMapped(slot))
        .u(records.translation(slot).ordinal())
        .flag(records.torn(slot))
        .header(live ? null : released.end(slot))
        .flag(records.several(slot));
    if (records.several(slot)) {
      out.u(records.instances(slot)).header(records.lastMapped(slot)).u(records.knownSince(slot));
    }
  }

  /** Reads one page back. */
  List<Restored> restore(int page, byte[] image, DeviceTable devices) {
    pages.restored(page);
    List<Restored> restored = new ArrayList<>();
    StateReader in = new StateReader(image);
    while (!in.exhausted()) {
      int slot = page * PAGE_SLOTS + in.i();
      records.claim(slot);
      restored.add(new Restored(slot, decode(in, slot, devices)));
    }
    return restored;
  }

  private EventHeader decode(StateReader in, int slot, DeviceTable devices) {
    records.fillSingle(
        slot,
        devices.at(in.i()),
        MappingKind.values()[in.i()],
        DmaDirection.values()[in.i()],
        in.u(),
        in.u(),
        in.u(),
        in.u(),
        in.header());
    records.translation(slot, MappedObject.Translation.values()[in.i()]);
    if (in.flag()) {
      records.tear(slot);
    }
    EventHeader released = in.header();
    if (in.flag()) {
      records.several(slot, in.i(), in.header(), in.u());
    }
    return released;
  }
}
