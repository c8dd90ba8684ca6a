package io.dmascope.producer.synthetic.profile;

import io.dmascope.model.event.DmaDirection;
import io.dmascope.model.scatterlist.PhysList;
import io.dmascope.producer.synthetic.machine.Coherent;
import io.dmascope.producer.synthetic.machine.Context;
import io.dmascope.producer.synthetic.machine.DmaDevice;
import io.dmascope.producer.synthetic.machine.Memory;
import io.dmascope.producer.synthetic.machine.SgMapping;
import io.dmascope.producer.synthetic.machine.Single;
import java.util.ArrayList;
import java.util.List;

/**
 * An xHCI host with a disk: control transfers of a few bytes, scatterlists for the data
 * (drivers/usb/core/hcd.c usb_hcd_map_urb_for_dma()).
 */
final class UsbDriver extends Driver {
  /** 512 KiB: what usb-storage asks for at once at most. */
  private static final int PAGES_MAX = 128;

  private final Load load;
  private final Sizes sizes;
  private final List<Coherent> rings = new ArrayList<>();

  UsbDriver(DmaDevice device, Load load, Sizes sizes) {
    super(device);
    this.load = load;
    this.sizes = sizes;
  }

  @Override
  void probe() {
    Context hub = task("kworker/0:1", 0);
    for (int i = 0; i < 28; i++) {
      rings.add(device.alloc(hub, chance.oneOf(64L, 2112L, 1024L, 4096L), 0));
    }
    for (int i = 0; i < 12; i++) {
      control(hub);
    }
    Context storage = task("usb-storage", 1);
    machine.after(chance.aroundNs(load.latencyNs()), () -> command(storage));
  }

  @Override
  void remove() {
    rings.forEach(ring -> device.free(modprobe(), ring));
  }

  private void control(Context task) {
    long page = memory.page();
    long size = chance.oneOf(8L, 8L, 18L, 64L, 255L);
    Single single = device.mapPage(task, page + 0x280, size, DmaDirection.FROM_DEVICE, 0);
    machine.after(
        chance.aroundNs(load.latencyNs()),
        () -> {
          unmap(interrupt(task.cpu()), single);
          memory.free(page);
        });
  }

  /** Command and status blocks lie in coherent memory, so that only the data is mapped. */
  private void command(Context task) {
    if (machine.stopping()) {
      return;
    }
    data(task, () -> machine.after(chance.aroundNs(3 * load.latencyNs()), () -> command(task)));
  }

  private void data(Context task, Runnable then) {
    DmaDirection direction = chance.percent(60) ? DmaDirection.FROM_DEVICE : DmaDirection.TO_DEVICE;
    PhysList list = Pages.scattered(memory, transferBytes());
    SgMapping mapped = device.mapSg(task, list, direction, 0);
    machine.after(
        chance.aroundNs(load.latencyNs()),
        () -> {
          if (mapped != null) {
            device.unmapSg(interrupt(task.cpu()), mapped);
          }
          Pages.free(memory, list);
          then.run();
        });
  }

  private long transferBytes() {
    if (sizes.requests().isPresent()) {
      return Math.min(sizes.requests().get().draw(chance), (long) PAGES_MAX * Memory.PAGE_SIZE);
    }
    int kind = chance.below(100);
    int pages =
        kind < 45
            ? 1
            : kind < 72 ? 2 + chance.below(3) : kind < 95 ? 15 + chance.below(18) : PAGES_MAX;
    return (long) pages * Memory.PAGE_SIZE;
  }

  private void unmap(Context at, Single single) {
    if (!single.failed()) {
      device.unmap(at, single);
    }
  }
}
