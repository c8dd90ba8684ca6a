package io.dmascope.producer.synthetic.profile;

import io.dmascope.model.event.DmaAttrs;
import io.dmascope.model.event.DmaDirection;
import io.dmascope.model.event.SyncTarget;
import io.dmascope.producer.synthetic.machine.Coherent;
import io.dmascope.producer.synthetic.machine.Context;
import io.dmascope.producer.synthetic.machine.DmaDevice;
import io.dmascope.producer.synthetic.machine.Memory;
import io.dmascope.producer.synthetic.machine.Single;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * A network card: a receive ring that is always full of buffers, and packets sent as a head and
 * fragments.
 *
 * <p>With a page pool (net/core/page_pool.c) buffers stay mapped while they are recycled, and only
 * the bytes that arrived are synchronised; XDP maps them both ways. Without one every buffer is
 * unmapped when it was filled, as older drivers do.
 */
final class NicDriver extends Driver {
  private static final long POOL_ATTRS = DmaAttrs.SKIP_CPU_SYNC | DmaAttrs.WEAK_ORDERING;
  private static final int FRAME_BYTES = 1522;
  private static final int HEADROOM = 256;
  private static final int DESCRIPTOR_BYTES = 16;

  /** MAX_SKB_FRAGS. */
  private static final int FRAGMENTS_MAX = 17;

  private final Load load;
  private final Sizes sizes;
  private final boolean pagePool;
  private final DmaDirection receives;
  private final List<Coherent> rings = new ArrayList<>();
  private final Deque<Single> ring = new ArrayDeque<>();

  /**
   * @param xdp whether buffers may be sent out again where they lie; needs the page pool
   */
  NicDriver(DmaDevice device, Load load, Sizes sizes, boolean pagePool, boolean xdp) {
    super(device);
    this.load = load;
    this.sizes = sizes;
    this.pagePool = pagePool;
    this.receives = pagePool && xdp ? DmaDirection.BIDIRECTIONAL : DmaDirection.FROM_DEVICE;
  }

  @Override
  void probe() {
    Context at = task("ip", 0);
    rings.add(device.alloc(at, (long) load.queueDepth() * DESCRIPTOR_BYTES, 0));
    rings.add(device.alloc(at, (long) load.queueDepth() * DESCRIPTOR_BYTES, 0));
    for (int i = 0; i < load.queueDepth(); i++) {
      fill(at);
    }
    machine.after(chance.aroundNs(load.latencyNs()), this::receive);
    for (int cpu = 0; cpu < machine.cpus(); cpu++) {
      Context sender = task("iperf3", 1 + cpu);
      machine.after(chance.aroundNs(load.latencyNs()), () -> send(sender));
    }
  }

  @Override
  void remove() {
    Context at = task("ip", 0);
    ring.forEach(buffer -> release(at, buffer));
    rings.forEach(buffer -> device.free(at, buffer));
  }

  private void fill(Context at) {
    long page = memory.page();
    Single buffer =
        pagePool
            ? device.mapPage(at, page, Memory.PAGE_SIZE, receives, POOL_ATTRS)
            : device.mapPage(at, page + HEADROOM, FRAME_BYTES, receives, 0);
    if (buffer.failed()) {
      memory.free(page);
    } else {
      ring.add(buffer);
      if (pagePool) {
        device.sync(at, buffer, SyncTarget.DEVICE, HEADROOM, FRAME_BYTES);
      }
    }
  }

  private void release(Context at, Single buffer) {
    device.unmap(at, buffer);
    memory.free(buffer.physAddr() & -Memory.PAGE_SIZE);
  }

  /** NAPI: some frames at once, in the soft interrupt of one CPU. */
  private void receive() {
    if (machine.stopping()) {
      return;
    }
    Context at = interrupt(chance.below(machine.cpus()));
    int frames = 1 + chance.below(16);
    for (int i = 0; i < frames && !ring.isEmpty(); i++) {
      Single buffer = ring.remove();
      if (!pagePool) {
        release(at, buffer);
        fill(at);
        continue;
      }
      int bytes = chance.percent(60) ? FRAME_BYTES - 4 : 64 + chance.below(1400);
      device.sync(at, buffer, SyncTarget.CPU, HEADROOM, bytes);
      if (chance.percent(95)) {
        device.sync(at, buffer, SyncTarget.DEVICE, HEADROOM, FRAME_BYTES);
        ring.add(buffer);
      } else {
        // The stack keeps the page for longer than the pool will wait.
        release(at, buffer);
        fill(at);
      }
    }
    machine.after(chance.aroundNs(load.latencyNs()), this::receive);
  }

  private void send(Context sender) {
    if (machine.stopping()) {
      return;
    }
    List<Single> pieces = new ArrayList<>();
    long head = memory.page();
    pieces.add(device.mapPage(sender, head + 2, 54 + chance.below(200), DmaDirection.TO_DEVICE, 0));
    long packet = sizes.requests().map(requests -> requests.draw(chance)).orElse(0L);
    int fragments = packet > 0 ? fragments(packet) : usualFragments();
    for (int i = 0; i < fragments; i++) {
      long size =
          packet > 0
              ? Math.min(Memory.PAGE_SIZE, packet - (long) i * Memory.PAGE_SIZE)
              : i + 1 < fragments ? Memory.PAGE_SIZE : 1 + chance.below(Memory.PAGE_SIZE);
      pieces.add(device.mapPage(sender, memory.page(), size, DmaDirection.TO_DEVICE, 0));
    }
    machine.after(chance.aroundNs(load.latencyNs()), () -> sent(sender, pieces));
  }

  private int usualFragments() {
    return chance.percent(50) ? 0 : 1 + chance.below(FRAGMENTS_MAX);
  }

  private static int fragments(long packetBytes) {
    return (int) Math.min(FRAGMENTS_MAX, Math.ceilDiv(packetBytes, Memory.PAGE_SIZE));
  }

  private void sent(Context sender, List<Single> pieces) {
    Context at = interrupt(completionCpu(sender.cpu()));
    for (Single piece : pieces) {
      if (!piece.failed()) {
        device.unmap(at, piece);
      }
      memory.free(piece.physAddr() & -Memory.PAGE_SIZE);
    }
    machine.after(chance.aroundNs(load.latencyNs()), () -> send(sender));
  }
}
