package io.dmascope.producer.synthetic.profile;

import io.dmascope.model.event.DmaAttrs;
import io.dmascope.model.event.DmaDirection;
import io.dmascope.model.p2p.P2pMapType;
import io.dmascope.model.scatterlist.PhysList;
import io.dmascope.producer.synthetic.machine.Attachment;
import io.dmascope.producer.synthetic.machine.Context;
import io.dmascope.producer.synthetic.machine.DmaDevice;
import io.dmascope.producer.synthetic.machine.Peer;
import io.dmascope.producer.synthetic.machine.SgMapping;
import io.dmascope.producer.synthetic.machine.Single;

/**
 * A device that imports a peer's video memory as a dma-buf: through a switch that both hang on, so
 * that entries keep their bus address, or through the host bridge, where memory-mapped I/O is
 * mapped like a resource (drivers/pci/p2pdma.c, drivers/dma-buf/dma-buf-mapping.c).
 */
final class PeerDriver extends Driver {
  private static final long CHUNK_BYTES = 1L << 21;
  private static final long POINTER = 0xffff_8881_4000_0000L;

  /** Imports live long: so many of the queue's latencies. */
  private static final int LIFETIMES = 10;

  /** Inodes are the whole machine's. */
  private static final long BUFFERS_A_DEVICE = 1 << 20;

  private final Load load;
  private final Peer provider;
  private final boolean throughSwitch;
  private final long firstBuffer;
  private long imports;

  /**
   * @param throughSwitch whether both hang on one switch, so that entries keep their bus address
   */
  PeerDriver(DmaDevice device, Load load, Peer provider, boolean throughSwitch) {
    super(device);
    this.load = load;
    this.provider = provider;
    this.throughSwitch = throughSwitch;
    this.firstBuffer = machine.devices().indexOf(device) * BUFFERS_A_DEVICE;
  }

  @Override
  void probe() {
    for (int i = 0; i < load.queueDepth(); i++) {
      Context task = task("ib_write_bw", i % 4);
      machine.after(chance.aroundNs(load.latencyNs()), () -> importBuffer(task));
    }
  }

  @Override
  void remove() {}

  private void importBuffer(Context task) {
    if (machine.stopping()) {
      return;
    }
    long buffer = firstBuffer + imports++;
    long inode = 100 + buffer;
    long pointer = POINTER + 0x200 * buffer;
    Attachment attachment =
        device.attach(
            task, new Attachment(device, "amdgpu", CHUNK_BYTES, inode, pointer, true, true, 0));
    int chunks = (int) (provider.sizeBytes() / CHUNK_BYTES);
    long physAddr = provider.barAddr() + chance.below(chunks) * CHUNK_BYTES;
    Runnable unmap = throughSwitch ? mapList(task, physAddr) : mapResource(task, physAddr);
    device.imported(task, attachment, DmaDirection.BIDIRECTIONAL);
    machine.after(
        chance.aroundNs(LIFETIMES * load.latencyNs()),
        () -> {
          device.returned(task, attachment, DmaDirection.BIDIRECTIONAL);
          unmap.run();
          device.detach(task, attachment);
          machine.after(chance.aroundNs(load.latencyNs()), () -> importBuffer(task));
        });
  }

  /** Pages of the peer and pages of RAM in one list: only the latter are translated. */
  private Runnable mapList(Context task, long physAddr) {
    PhysList list = new PhysList();
    long ram = memory.page();
    list.add(physAddr, CHUNK_BYTES, P2pMapType.BUS_ADDR, provider.busAddr(physAddr));
    boolean mixed = chance.percent(50);
    if (mixed) {
      list.add(ram, 4096);
    }
    SgMapping mapped = device.mapSg(task, list, DmaDirection.BIDIRECTIONAL, DmaAttrs.SKIP_CPU_SYNC);
    return () -> {
      if (mapped != null) {
        device.unmapSg(task, mapped);
      }
      memory.free(ram);
    };
  }

  private Runnable mapResource(Context task, long physAddr) {
    Single single = device.mapResource(task, physAddr, CHUNK_BYTES, DmaDirection.BIDIRECTIONAL);
    return () -> {
      if (!single.failed()) {
        device.unmap(task, single);
      }
    };
  }
}
