package io.dmascope.producer.synthetic.machine;

import io.dmascope.model.backend.MapResult;
import io.dmascope.model.backend.Mapping;
import io.dmascope.model.backend.SwiotlbPool;
import io.dmascope.model.event.DmaAddress;
import io.dmascope.model.event.DmaAttrs;
import io.dmascope.model.event.DmaDirection;
import io.dmascope.model.event.DmaMap;
import io.dmascope.model.event.DmaSync;
import io.dmascope.model.event.DmaUnmap;
import io.dmascope.model.event.MapApi;
import io.dmascope.model.event.SyncTarget;
import io.dmascope.model.event.U64List;
import java.util.BitSet;
import java.util.List;

/**
 * What the kernel does with one range at a time. Nobody is asked whether to do otherwise: that is
 * between the driver and its {@link DmaDevice}.
 */
public final class Singles /* hot path */ {
  private final DmaDevice device;
  private final Translation translation;
  private final Machine machine;
  private final Recorder recorder;
  private long made;

  Singles(DmaDevice device, Translation translation) {
    this.device = device;
    this.translation = translation;
    this.machine = device.machine();
    this.recorder = machine.recorder();
  }

  long made() {
    return made;
  }

  /** A mapping as it should be; it is not checked. */
  public Single map(
      Context at, MapApi api, long physAddr, long sizeBytes, DmaDirection direction, long attrs) {
    return mapElsewhere(at, api, physAddr, physAddr, sizeBytes, direction, attrs);
  }

  /**
   * A mapping of memory at {@code reallyAddr} that is said to be of memory at {@code physAddr}: the
   * same thing unless the kernel is broken.
   */
  public Single mapElsewhere(
      Context at,
      MapApi api,
      long physAddr,
      long reallyAddr,
      long sizeBytes,
      DmaDirection direction,
      long attrs) {
    made++;
    MapResult result =
        translation.backend().mapPhys(reallyAddr, sizeBytes, direction, attrs, machine.moment(at));
    Mapping mapping = result instanceof Mapping success ? success : null;
    if (mapping == null) {
      traceRefusedBounce(at, physAddr, sizeBytes, attrs);
    } else {
      translation.traceMade(at, mapping);
    }
    long dmaAddr = mapping == null ? DmaAddress.ERROR : mapping.dmaAddrs().at(0);
    long mappedAt = traceMap(at, api, physAddr, sizeBytes, direction, attrs, dmaAddr);
    return new Single(
        device, api, physAddr, sizeBytes, direction, attrs, dmaAddr, mapping, mappedAt);
  }

  /**
   * A mapping that is bounced although it need not, or must not be. Unmapped, it gives its slots
   * back.
   *
   * @param shift what the kernel adds to the address of the slots, being wrong about it
   */
  public Single mapBounced(
      Context at,
      MapApi api,
      long physAddr,
      long shift,
      long sizeBytes,
      DmaDirection direction,
      long attrs) {
    SwiotlbPool.Allocation slots =
        machine
            .pool()
            .allocate(device.parameters(), physAddr, sizeBytes, 0, at.cpu())
            .orElseThrow(() -> new IllegalStateException("no slots for " + device.name()));
    translation.traceBounce(at, physAddr, sizeBytes);
    long dmaAddr = slots.addr() + shift;
    Mapping mapping =
        new Mapping(
            U64List.of(dmaAddr),
            U64List.of(sizeBytes),
            new BitSet(),
            0,
            0,
            List.of(),
            0,
            List.of(new Mapping.Bounce(physAddr, sizeBytes, slots)));
    long mappedAt = traceMap(at, api, physAddr, sizeBytes, direction, attrs, dmaAddr);
    return new Single(
        device, api, physAddr, sizeBytes, direction, attrs, dmaAddr, mapping, mappedAt);
  }

  private void traceRefusedBounce(Context at, long physAddr, long sizeBytes, long attrs) {
    boolean mayBounce = (attrs & (DmaAttrs.MMIO | DmaAttrs.REQUIRE_COHERENT)) == 0;
    if (!device.translated() && mayBounce) {
      translation.traceBounce(at, physAddr, sizeBytes);
    }
  }

  /** Emits the event of a mapping alone; returns its sequence. */
  public long traceMap(
      Context at,
      MapApi api,
      long physAddr,
      long sizeBytes,
      DmaDirection direction,
      long attrs,
      long dmaAddr) {
    return recorder.emit(
        new DmaMap(
            recorder.header(at),
            device.name(),
            api,
            direction,
            dmaAddr,
            sizeBytes,
            physAddr,
            machine.generation().traced(attrs)));
  }

  /** The unmap as it should be. Returns the sequence of the event. */
  public long unmap(Context at, Single single) {
    translation.undo(at, single.mapping(), single.direction(), single.attrs());
    return traceUnmap(
        at, single.api(), single.dmaAddr(), single.sizeBytes(), single.direction(), single.attrs());
  }

  /**
   * An unmap with whatever values the driver passes: the page tables lose what they name, as far as
   * it is there. Returns the sequence of the event.
   *
   * @param about the mapping that the driver means, whose bounce buffer is released; or null
   */
  public long unmapNamed(
      Context at,
      Single about,
      MapApi api,
      long dmaAddr,
      long sizeBytes,
      DmaDirection direction,
      long attrs) {
    if (!device.translated()) {
      if (about != null) {
        translation.backend().unmap(about.mapping(), direction, attrs, machine.moment(at));
      }
    } else if (translation.translates(dmaAddr)) {
      translation.removeNamed(at, dmaAddr, sizeBytes);
    }
    return traceUnmap(at, api, dmaAddr, sizeBytes, direction, attrs);
  }

  /** Emits the event of an unmap alone; returns its sequence. */
  public long traceUnmap(
      Context at, MapApi api, long dmaAddr, long sizeBytes, DmaDirection direction, long attrs) {
    return recorder.emit(
        new DmaUnmap(
            recorder.header(at),
            device.name(),
            api,
            direction,
            dmaAddr,
            sizeBytes,
            machine.generation().traced(attrs)));
  }

  /** Emits the event of a sync alone; returns its sequence. */
  public long traceSync(
      Context at, SyncTarget target, DmaDirection direction, long dmaAddr, long sizeBytes) {
    return recorder.emit(
        new DmaSync(recorder.header(at), device.name(), target, direction, dmaAddr, sizeBytes));
  }
}
