package io.dmascope.producer.synthetic.profile;

import io.dmascope.model.event.DmaAttrs;
import io.dmascope.model.event.DmaDirection;
import io.dmascope.model.event.SyncTarget;
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
 * A GPU with TTM buffers: system memory in blocks as large as can be had, each mapped alone so that
 * the page table can be filled from a linear array (drivers/gpu/drm/ttm/ttm_pool.c ttm_pool_map()),
 * and user memory as scatterlists (amdgpu_ttm_tt_pin_userptr()).
 */
final class GpuDriver extends Driver {
  /** Buffers live long: so many of the queue's latencies. */
  private static final int LIFETIMES = 20;

  private static final int HUGE_ORDER = 9;
  private static final int USER_PAGES = 256;

  /** 128 KiB: what fits into a bounce buffer whatever its alignment. */
  private static final int BOUNCE_ORDER = 5;

  private final Load load;
  private final Sizes sizes;
  private final List<Coherent> rings = new ArrayList<>();

  GpuDriver(DmaDevice device, Load load, Sizes sizes) {
    super(device);
    this.load = load;
    this.sizes = sizes;
  }

  @Override
  void probe() {
    Context modprobe = modprobe();
    for (int i = 0; i < 8; i++) {
      rings.add(device.alloc(modprobe, 1L << 16, 0));
    }
    for (int i = 0; i < load.queueDepth(); i++) {
      Context task = task("Xwayland:cs0", i % 4);
      machine.after(chance.aroundNs(load.latencyNs()), () -> buffer(task));
    }
  }

  @Override
  void remove() {
    rings.forEach(ring -> device.free(modprobe(), ring));
  }

  private void buffer(Context task) {
    if (machine.stopping()) {
      return;
    }
    if (chance.percent(70)) {
      populate(task);
    } else {
      userMemory(task);
    }
  }

  /** A buffer of 4 KiB to 8 MiB, from the largest blocks downwards. */
  private void populate(Context task) {
    long pages = sizes.requests().map(this::pages).orElseGet(() -> 1L << chance.below(12));
    int orderMax =
        device.maxMappingSize() < (long) Memory.PAGE_SIZE << HUGE_ORDER ? BOUNCE_ORDER : HUGE_ORDER;
    List<Single> blocks = new ArrayList<>();
    for (long left = pages; left > 0; ) {
      int order = Math.min(orderMax, 63 - Long.numberOfLeadingZeros(left));
      if (chance.percent(30)) {
        order = Math.max(0, order - 1 - chance.below(3)); // memory is fragmented
      }
      long size = (long) Memory.PAGE_SIZE << order;
      long block = memory.block(order);
      Single single = device.mapPage(task, block, size, DmaDirection.BIDIRECTIONAL, 0);
      if (single.failed()) {
        memory.free(block, order);
        break;
      }
      blocks.add(single);
      left -= 1L << order;
    }
    later(
        task,
        () -> {
          for (Single block : blocks) {
            device.unmap(task, block);
            memory.free(block.physAddr(), Memory.order(block.sizeBytes()));
          }
        });
  }

  private void userMemory(Context task) {
    long pages = sizes.requests().map(this::pages).orElseGet(() -> 1L + chance.below(USER_PAGES));
    PhysList list = Pages.scattered(memory, Math.min(pages, USER_PAGES) * Memory.PAGE_SIZE);
    DmaDirection direction =
        chance.percent(50) ? DmaDirection.BIDIRECTIONAL : DmaDirection.TO_DEVICE;
    SgMapping mapped = device.mapSg(task, list, direction, DmaAttrs.SKIP_CPU_SYNC);
    if (mapped != null) {
      device.syncSg(task, mapped, SyncTarget.DEVICE);
    }
    later(
        task,
        () -> {
          if (mapped != null) {
            device.syncSg(task, mapped, SyncTarget.CPU);
            device.unmapSg(task, mapped);
          }
          Pages.free(memory, list);
        });
  }

  private long pages(RequestSizes requests) {
    return Math.ceilDiv(requests.draw(chance), Memory.PAGE_SIZE);
  }

  private void later(Context task, Runnable release) {
    machine.after(
        chance.aroundNs(LIFETIMES * load.latencyNs()),
        () -> {
          release.run();
          machine.after(chance.aroundNs(load.latencyNs()), () -> buffer(task));
        });
  }
}
