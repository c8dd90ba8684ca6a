package io.dmascope.producer.synthetic.profile;

import io.dmascope.model.event.DmaDirection;
import io.dmascope.model.scatterlist.PhysList;
import io.dmascope.producer.synthetic.machine.Coherent;
import io.dmascope.producer.synthetic.machine.Context;
import io.dmascope.producer.synthetic.machine.DmaDevice;
import io.dmascope.producer.synthetic.machine.LinkedRange;
import io.dmascope.producer.synthetic.machine.Memory;
import io.dmascope.producer.synthetic.machine.SgMapping;
import io.dmascope.producer.synthetic.machine.Single;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * NVMe over PCI (drivers/nvme/host/pci.c): a queue pair for each CPU, one page for most requests,
 * lists for the rest.
 *
 * <p>6.12 maps a single vector by {@code dma_map_page} and more by {@code dma_map_sg}. 7.x links
 * several through one IOVA range where there is an IOMMU, maps each alone where there is none, and
 * then leaves out their unmaps where the device needs none; a single one is unmapped in any case
 * (nvme_unmap_data()).
 */
final class NvmeDriver extends Driver {
  private static final int SUBMISSION_BYTES = 64;
  private static final int COMPLETION_BYTES = 16;
  private static final int RANGE_BYTES = 16;

  /** NVME_MAX_SEGS of 6.12; the list page of 7.x holds more, but 128 KiB is enough for most. */
  private static final int PAGES_MAX = 128;

  private final Load load;
  private final Sizes sizes;
  private final boolean sgl;
  private final List<Coherent> queues = new ArrayList<>();

  /**
   * @param sgl whether the controller takes SGLs, so that segments need not be pages
   */
  NvmeDriver(DmaDevice device, Load load, Sizes sizes, boolean sgl) {
    super(device);
    this.load = load;
    this.sizes = sizes;
    this.sgl = sgl;
  }

  @Override
  void probe() {
    Context modprobe = modprobe();
    addQueue(modprobe, 32);
    identify(modprobe);
    for (int cpu = 0; cpu < machine.cpus(); cpu++) {
      addQueue(modprobe, Math.max(64, load.queueDepth()));
    }
    for (int cpu = 0; cpu < machine.cpus(); cpu++) {
      Context task = task("fio", cpu);
      for (int i = 0; i < load.queueDepth(); i++) {
        machine.after(chance.aroundNs(load.latencyNs()), () -> submit(task));
      }
    }
  }

  private void addQueue(Context at, int depth) {
    queues.add(device.alloc(at, (long) depth * COMPLETION_BYTES, 0));
    queues.add(device.alloc(at, (long) depth * SUBMISSION_BYTES, 0));
  }

  private void identify(Context at) {
    long page = memory.page();
    Single single = device.mapPage(at, page, Memory.PAGE_SIZE, DmaDirection.FROM_DEVICE, 0);
    device.unmap(at, single);
    memory.free(page);
  }

  @Override
  void remove() {
    queues.forEach(queue -> device.free(modprobe(), queue));
  }

  private void submit(Context task) {
    if (machine.stopping()) {
      return;
    }
    DmaDirection direction = chance.percent(55) ? DmaDirection.FROM_DEVICE : DmaDirection.TO_DEVICE;
    if (sizes.requests().isPresent()) {
      sized(task, sizes.requests().get().draw(chance), direction);
      return;
    }
    int kind = chance.below(100);
    if (kind < 2) {
      // The ranges of a discard: kmalloc memory, not page-aligned.
      single(task, 0, (long) RANGE_BYTES * (1 + chance.below(4)), DmaDirection.TO_DEVICE);
    } else if (kind < 93) {
      int order = chance.percent(66) ? 0 : chance.oneOf(1, 2, 2, 4, 4);
      single(task, order, (long) Memory.PAGE_SIZE << order, direction);
    } else {
      list(task, segments(), direction);
    }
  }

  private void sized(Context task, long sizeBytes, DmaDirection direction) {
    if (sizeBytes <= Memory.PAGE_SIZE) {
      single(task, 0, sizeBytes, direction);
    } else {
      long most = (long) PAGES_MAX * Memory.PAGE_SIZE;
      list(task, Pages.scattered(memory, Math.min(sizeBytes, most)), direction);
    }
  }

  /** Pages of a request; with SGLs also larger pieces. */
  private PhysList segments() {
    if (sgl && chance.percent(50)) {
      return Pages.blocks(memory, 3, 2 + chance.below(3));
    }
    int kind = chance.below(100);
    int pages = kind < 60 ? 2 + chance.below(4) : kind < 92 ? 6 + chance.below(27) : PAGES_MAX;
    return Pages.scattered(memory, (long) pages * Memory.PAGE_SIZE);
  }

  private void single(Context task, int order, long sizeBytes, DmaDirection direction) {
    long page = memory.block(order);
    Single single = device.mapPage(task, page, sizeBytes, direction, 0);
    complete(
        task,
        at -> {
          if (!single.failed()) {
            device.unmap(at, single);
          }
          memory.free(page, order);
        });
  }

  private void list(Context task, PhysList list, DmaDirection direction) {
    if (!machine.generation().hasTwoStepMapping()) {
      SgMapping mapped = device.mapSg(task, list, direction, 0);
      complete(
          task,
          at -> {
            if (mapped != null) {
              device.unmapSg(at, mapped);
            }
            Pages.free(memory, list);
          });
      return;
    }
    Optional<LinkedRange> linked = device.link(task, list, 0);
    if (linked.isPresent()) {
      complete(
          task,
          at -> {
            device.destroy(at, linked.get());
            Pages.free(memory, list);
          });
      return;
    }
    List<Single> each = new ArrayList<>(list.size());
    for (int i = 0; i < list.size(); i++) {
      each.add(device.mapPage(task, list.physAddr(i), list.length(i), direction, 0));
    }
    complete(
        task,
        at -> {
          each.forEach(single -> unmap(at, single));
          Pages.free(memory, list);
        });
  }

  /** blk_rq_dma_unmap(): nothing to do where {@code dma_need_unmap()} says so. */
  private void unmap(Context at, Single single) {
    if (!single.failed() && (!machine.generation().hasTwoStepMapping() || device.needsUnmap())) {
      device.unmap(at, single);
    }
  }

  private void complete(Context task, Completion completion) {
    machine.after(
        chance.aroundNs(load.latencyNs()),
        () -> {
          completion.run(interrupt(completionCpu(task.cpu())));
          machine.after(1 + chance.below(2000), () -> submit(task));
        });
  }

  private interface Completion {
    void run(Context at);
  }
}
