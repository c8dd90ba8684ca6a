package io.dmascope.model.mapping;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/**
 * Gives every remembered scatterlist a slot, and stores slots by pages of {@link #PAGE_SLOTS}.
 *
 * <p>A slot that is freed is the next to be used again, so that lists that come and go between two
 * calls of {@link #saveChanges} touch few pages, however many they are.
 */
final class ListStore {
  /** Small enough that a page of scatterlists at the tracepoint's limit stays under 64 KiB. */
  static final int PAGE_SLOTS = 16;

  private MappedList[] slots = new MappedList[64];
  private int used;
  private int[] free = new int[64];
  private int freeCount;
  private final PageSet pages = new PageSet();

  void add(MappedList list) {
    int slot = freeCount > 0 ? free[--freeCount] : used++;
    makeRoom(slot);
    slots[slot] = list;
    list.slot = slot;
    changed(list);
  }

  void remove(MappedList list) {
    changed(list);
    slots[list.slot] = null;
    free(list.slot);
    list.slot = -1;
  }

  void changed(MappedList list) {
    pages.changed(list.slot / PAGE_SLOTS);
  }

  MappedList at(int slot) {
    return slots[slot];
  }

  /** Shows every list, live or ended. */
  void forEach(Consumer<MappedList> visitor) {
    for (int slot = 0; slot < used; slot++) {
      if (slots[slot] != null) {
        visitor.accept(slots[slot]);
      }
    }
  }

  void saveChanges(CaptureState.PageSink sink) {
    pages.saveChanges(this::encode, sink);
  }

  private byte[] encode(int page) {
    StateWriter out = new StateWriter();
    for (int i = 0; i < PAGE_SLOTS; i++) {
      int slot = page * PAGE_SLOTS + i;
      if (slot < slots.length && slots[slot] != null) {
        slots[slot].save(out.u(i));
      }
    }
    return out.isEmpty() ? null : out.toBytes();
  }

  /** Reads one page back. */
  void restore(int page, byte[] image, DeviceTable devices) {
    pages.restored(page);
    StateReader in = new StateReader(image);
    while (!in.exhausted()) {
      int slot = page * PAGE_SLOTS + in.i();
      makeRoom(slot);
      slots[slot] = MappedList.restore(in, devices);
      slots[slot].slot = slot;
      used = Math.max(used, slot + 1);
    }
  }

  /** Ends the restoration: every gap is free again. Returns all lists. */
  List<MappedList> restored() {
    List<MappedList> lists = new ArrayList<>();
    freeCount = 0;
    for (int slot = used - 1; slot >= 0; slot--) {
      if (slots[slot] == null) {
        free(slot);
      } else {
        lists.add(slots[slot]);
      }
    }
    return lists;
  }

  private void free(int slot) {
    if (freeCount == free.length) {
      free = Arrays.copyOf(free, free.length * 2);
    }
    free[freeCount++] = slot;
  }

  private void makeRoom(int slot) {
    while (slot >= slots.length) {
      slots = Arrays.copyOf(slots, slots.length * 2);
    }
  }
}
