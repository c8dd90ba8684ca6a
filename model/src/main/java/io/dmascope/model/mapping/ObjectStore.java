package io.dmascope.model.mapping;

import io.dmascope.model.event.DmaDirection;
import io.dmascope.model.finding.MappingKind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Objects;
import java.util.function.IntFunction;

/**
 * Gives every remembered object a slot, and stores slots by pages of {@link #PAGE_SLOTS}.
 *
 * <p>A slot that is freed is the next to be used again, so that objects that come and go between
 * two calls of {@link #saveChanges} touch few pages, however many they are.
 */
final class ObjectStore {
  /** Small enough that a page of scatterlists at the tracepoint's limit stays under 64 KiB. */
  static final int PAGE_SLOTS = 16;

  private MappedObject[] slots = new MappedObject[1024];
  private int used;
  private int[] free = new int[256];
  private int freeCount;
  private final BitSet dirtyPages = new BitSet();
  private final BitSet storedPages = new BitSet();

  /** Receives a page's bytes; null where the page became empty. */
  interface PageSink {
    void page(int page, byte[] image);
  }

  void add(MappedObject object) {
    int slot = freeCount > 0 ? free[--freeCount] : used++;
    if (slot == slots.length) {
      slots = Arrays.copyOf(slots, slots.length * 2);
    }
    slots[slot] = object;
    object.slot = slot;
    changed(object);
  }

  void remove(MappedObject object) {
    changed(object);
    slots[object.slot] = null;
    if (freeCount == free.length) {
      free = Arrays.copyOf(free, free.length * 2);
    }
    free[freeCount++] = object.slot;
    object.slot = -1;
  }

  void changed(MappedObject object) {
    dirtyPages.set(object.slot / PAGE_SLOTS);
  }

  /** Every object that has a slot. */
  List<MappedObject> all() {
    return Arrays.stream(slots, 0, used).filter(Objects::nonNull).toList();
  }

  void saveChanges(PageSink sink) {
    for (int page = dirtyPages.nextSetBit(0); page >= 0; page = dirtyPages.nextSetBit(page + 1)) {
      byte[] image = encode(page);
      if (image != null) {
        storedPages.set(page);
        sink.page(page, image);
      } else if (storedPages.get(page)) {
        storedPages.clear(page);
        sink.page(page, null);
      }
    }
    dirtyPages.clear();
  }

  /** Reads one page back; {@code devices} resolves a device number. */
  void restore(int page, byte[] image, IntFunction<Device> devices) {
    storedPages.set(page);
    StateReader in = new StateReader(image);
    while (!in.exhausted()) {
      int slot = page * PAGE_SLOTS + in.i();
      MappedObject object = decode(in, devices);
      while (slot >= slots.length) {
        slots = Arrays.copyOf(slots, slots.length * 2);
      }
      slots[slot] = object;
      object.slot = slot;
      used = Math.max(used, slot + 1);
    }
  }

  /** Ends the restoration: every gap is free again. Returns all objects. */
  List<MappedObject> restored() {
    List<MappedObject> objects = new ArrayList<>();
    freeCount = 0;
    for (int slot = used - 1; slot >= 0; slot--) {
      if (slots[slot] != null) {
        objects.add(slots[slot]);
        continue;
      }
      if (freeCount == free.length) {
        free = Arrays.copyOf(free, free.length * 2);
      }
      free[freeCount++] = slot;
    }
    return objects;
  }

  private byte[] encode(int page) {
    StateWriter out = null;
    for (int i = 0; i < PAGE_SLOTS; i++) {
      int slot = page * PAGE_SLOTS + i;
      MappedObject object = slot < slots.length ? slots[slot] : null;
      if (object == null) {
        continue;
      }
      if (out == null) {
        out = new StateWriter();
      }
      encode(out.u(i), object);
    }
    return out == null ? null : out.toBytes();
  }

  private static void encode(StateWriter out, MappedObject object) {
    out.u(object.device().id())
        .u(object.kind().ordinal())
        .u(object.direction().ordinal())
        .u(object.attrs())
        .u(object.physAddr())
        .u(object.nents())
        .u(object.ents())
        .list(object.physAddrs())
        .u(object.instances())
        .u(object.translation().ordinal())
        .header(object.firstMapped())
        .header(object.remapped() ? object.lastMapped() : null)
        .header(object.released())
        .u(object.knownSince())
        .flag(object.torn())
        .u(object.rangeCount());
    for (int i = 0; i < object.rangeCount(); i++) {
      Range range = object.range(i);
      out.u(range.addr).u(range.sizeBytes).flag(range.listed);
    }
  }

  private static MappedObject decode(StateReader in, IntFunction<Device> devices) {
    MappedObject.Builder object =
        new MappedObject.Builder(
            devices.apply(in.i()),
            MappingKind.values()[in.i()],
            DmaDirection.values()[in.i()],
            in.u(),
            in.u(),
            in.i(),
            in.i(),
            in.list());
    int instances = in.i();
    MappedObject.Translation translation = MappedObject.Translation.values()[in.i()];
    object.mapped(in.header(), in.header());
    object.state(instances, translation, in.header());
    object.standing(in.u(), in.flag());
    int ranges = in.i();
    for (int i = 0; i < ranges; i++) {
      object.range(in.u(), in.u(), in.flag());
    }
    return object.build();
  }
}
