package io.dmascope.producer.synthetic.profile;

import io.dmascope.model.event.DmaDirection;
import io.dmascope.model.scatterlist.PhysList;
import io.dmascope.producer.synthetic.machine.Coherent;
import io.dmascope.producer.synthetic.machine.Context;
import io.dmascope.producer.synthetic.machine.DmaDevice;
import io.dmascope.producer.synthetic.machine.Memory;
import io.dmascope.producer.synthetic.machine.SgMapping;
import java.util.ArrayList;
import java.util.List;

/**
 * AHCI and other SCSI hosts: every command is a scatterlist of up to 168 entries
 * (drivers/ata/libata-core.c ata_sg_setup(), drivers/scsi/scsi_lib_dma.c scsi_dma_map()).
 */
final class ScsiDriver extends Driver {
  /** LIBATA_MAX_PRD less what the AHCI command table has room for: AHCI_MAX_SG. */
  private static final int ENTRIES_MAX = 168;

  /** 64 KiB: no segment is longer where the driver asked for nothing else. */
  private static final int SEGMENT_ORDER_MAX = 4;

  private static final int SENSE_BYTES = 96;

  private final Load load;
  private final Sizes sizes;
  private final List<Coherent> tables = new ArrayList<>();
  private final long zeroPage;

  ScsiDriver(DmaDevice device, Load load, Sizes sizes) {
    super(device);
    this.load = load;
    this.sizes = sizes;
    this.zeroPage = memory.page();
  }

  @Override
  void probe() {
    Context modprobe = modprobe();
    for (int port = 0; port < 6; port++) {
      tables.add(device.alloc(modprobe, 91392, 0));
    }
    for (int i = 0; i < load.queueDepth(); i++) {
      Context task = task("dd", i % 8);
      machine.after(chance.aroundNs(load.latencyNs()), () -> command(task));
    }
  }

  @Override
  void remove() {
    tables.forEach(table -> device.free(modprobe(), table));
  }

  private void command(Context task) {
    if (machine.stopping()) {
      return;
    }
    int kind = chance.below(100);
    if (kind < 10) {
      inquiry(task);
    } else if (kind < 13) {
      writeZeroes(task);
    } else {
      DmaDirection direction =
          chance.percent(50) ? DmaDirection.FROM_DEVICE : DmaDirection.TO_DEVICE;
      PhysList list = segments();
      run(task, list, direction, () -> Pages.free(memory, list));
    }
  }

  private PhysList segments() {
    if (sizes.requests().isPresent()) {
      long most = (long) ENTRIES_MAX * Memory.PAGE_SIZE;
      return Pages.scattered(memory, Math.min(sizes.requests().get().draw(chance), most));
    }
    int kind = chance.below(100);
    if (kind < 30) {
      return Pages.scattered(memory, Memory.PAGE_SIZE);
    }
    if (kind < 45) {
      return Pages.blocks(memory, 1 + chance.below(SEGMENT_ORDER_MAX), 1 + chance.below(8));
    }
    int entries =
        kind < 70
            ? 2 + chance.below(4)
            : kind < 90 ? 6 + chance.below(59) : 65 + chance.below(ENTRIES_MAX - 64);
    return Pages.scattered(memory, (long) entries * Memory.PAGE_SIZE);
  }

  private void inquiry(Context task) {
    long page = memory.page();
    PhysList list = new PhysList().add(page + 0x8c0, chance.oneOf(36L, (long) SENSE_BYTES, 512L));
    run(task, list, DmaDirection.FROM_DEVICE, () -> memory.free(page));
  }

  /** blkdev_issue_zeroout() without hardware help: one page of zeroes, many times over. */
  private void writeZeroes(Context task) {
    PhysList list = new PhysList();
    int entries = 1 + chance.below(32);
    for (int i = 0; i < entries; i++) {
      list.add(zeroPage, Memory.PAGE_SIZE);
    }
    run(task, list, DmaDirection.TO_DEVICE, () -> {});
  }

  private void run(Context task, PhysList list, DmaDirection direction, Runnable after) {
    SgMapping mapped = device.mapSg(task, list, direction, 0);
    machine.after(
        chance.aroundNs(load.latencyNs()),
        () -> {
          if (mapped != null) {
            device.unmapSg(interrupt(completionCpu(task.cpu())), mapped);
          }
          after.run();
          machine.after(1 + chance.below(5000), () -> command(task));
        });
  }
}
