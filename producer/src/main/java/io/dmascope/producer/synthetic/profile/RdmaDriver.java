package io.dmascope.producer.synthetic.profile;

import io.dmascope.model.event.DmaAttrs;
import io.dmascope.model.event.DmaDirection;
import io.dmascope.model.scatterlist.PhysList;
import io.dmascope.producer.synthetic.machine.Backend;
import io.dmascope.producer.synthetic.machine.Coherent;
import io.dmascope.producer.synthetic.machine.Context;
import io.dmascope.producer.synthetic.machine.DmaDevice;
import io.dmascope.producer.synthetic.machine.Generation;
import io.dmascope.producer.synthetic.machine.Memory;
import io.dmascope.producer.synthetic.machine.SgMapping;
import io.dmascope.producer.synthetic.machine.Single;
import java.util.ArrayList;
import java.util.List;

/**
 * An RDMA card: memory registered in large pieces and for long (drivers/infiniband/core/umem.c
 * ib_umem_get()), huge pages or scattered ones, and work requests of a page meanwhile.
 */
final class RdmaDriver extends Driver {
  private static final int HUGE_ORDER = 9;
  private static final long HUGE_BYTES = (long) Memory.PAGE_SIZE << HUGE_ORDER;

  /** Registrations live long: so many of the queue's latencies. */
  private static final int LIFETIMES = 50;

  private final Load load;
  private final Sizes sizes;
  private final List<Coherent> queues = new ArrayList<>();

  RdmaDriver(DmaDevice device, Load load, Sizes sizes) {
    super(device);
    this.load = load;
    this.sizes = sizes;
  }

  @Override
  void probe() {
    Context modprobe = modprobe();
    for (int i = 0; i < 2 * machine.cpus(); i++) {
      queues.add(device.alloc(modprobe, 4096L << chance.below(4), 0));
    }
    Context task = task("ib_write_bw", 0);
    machine.after(chance.aroundNs(load.latencyNs()), () -> register(task));
    for (int i = 0; i < load.queueDepth(); i++) {
      Context sender = task("ib_send_bw", 1 + i % 4);
      machine.after(chance.aroundNs(load.latencyNs()), () -> work(sender));
    }
  }

  @Override
  void remove() {
    queues.forEach(queue -> device.free(modprobe(), queue));
  }

  private void register(Context task) {
    if (machine.stopping()) {
      return;
    }
    PhysList list = region();
    long attrs =
        machine.generation() == Generation.V7_3
                && !device.bounced()
                && machine.backend() != Backend.SWIOTLB
            ? DmaAttrs.REQUIRE_COHERENT
            : 0;
    SgMapping mapped = device.mapSg(task, list, DmaDirection.BIDIRECTIONAL, attrs);
    machine.after(
        chance.aroundNs(LIFETIMES * load.latencyNs()),
        () -> {
          if (mapped != null) {
            device.unmapSg(task, mapped);
          }
          Pages.free(memory, list);
          machine.after(chance.aroundNs(load.latencyNs()), () -> register(task));
        });
  }

  private PhysList region() {
    long most = sizes.registrationBytesMax();
    if (sizes.requests().isPresent()) {
      long sizeBytes = Math.min(sizes.requests().get().draw(chance), most);
      return sizeBytes < HUGE_BYTES
          ? Pages.scattered(memory, sizeBytes)
          : Pages.blocks(memory, HUGE_ORDER, (int) (sizeBytes / HUGE_BYTES));
    }
    return chance.percent(50)
        ? Pages.blocks(memory, HUGE_ORDER, (int) (1 + chance.between(0, most / HUGE_BYTES - 1)))
        : Pages.scattered(memory, chance.between(1, 700) * Memory.PAGE_SIZE);
  }

  private void work(Context task) {
    if (machine.stopping()) {
      return;
    }
    long page = memory.page();
    DmaDirection direction = chance.percent(50) ? DmaDirection.FROM_DEVICE : DmaDirection.TO_DEVICE;
    Single single = device.mapPage(task, page, Memory.PAGE_SIZE, direction, 0);
    machine.after(
        chance.aroundNs(load.latencyNs()),
        () -> {
          if (!single.failed()) {
            device.unmap(interrupt(completionCpu(task.cpu())), single);
          }
          memory.free(page);
          machine.after(1 + chance.below(2000), () -> work(task));
        });
  }
}
