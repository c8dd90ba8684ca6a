package io.dmascope.cli.simulation;

import io.dmascope.model.event.DmaAlloc;
import io.dmascope.model.event.DmaFree;
import io.dmascope.model.event.DmaMap;
import io.dmascope.model.event.DmaMapSg;
import io.dmascope.model.event.DmaSync;
import io.dmascope.model.event.DmaUnmap;
import io.dmascope.model.event.DmaUnmapSg;
import io.dmascope.model.event.TraceEvent;
import io.dmascope.model.event.U64List;
import io.dmascope.producer.synthetic.recording.RecordingFault;

/** Which events may stand at the wrong place, since clocks of CPUs are apart. */
final class Displacement {
  /** How far {@link RecordingFault#CLOCK_SKEW} sets two clocks apart at most. */
  private static final long APART_NS_MAX = 480_000;

  /** How far the model takes them to be apart. */
  private static final long TAKEN_APART_NS_MAX = 500_000;

  private static final Place NOWHERE = new Place("", 0, 0);

  /** What of a device an event is about: bytes, or the memory of a list's first entry. */
  private record Place(String device, long addr, long sizeBytes) {
    static Place of(TraceEvent event) {
      return switch (event) {
        case DmaMap map -> new Place(map.device(), map.dmaAddr(), map.sizeBytes());
        case DmaUnmap unmap -> new Place(unmap.device(), unmap.dmaAddr(), unmap.sizeBytes());
        case DmaAlloc alloc -> new Place(alloc.device(), alloc.dmaAddr(), alloc.sizeBytes());
        case DmaFree free -> new Place(free.device(), free.dmaAddr(), free.sizeBytes());
        case DmaSync sync -> new Place(sync.device(), sync.dmaAddr(), sync.sizeBytes());
        case DmaMapSg map -> of(map.device(), map.physAddrs());
        case DmaUnmapSg unmap -> of(unmap.device(), unmap.physAddrs());
        default -> NOWHERE;
      };
    }

    private static Place of(String device, U64List entries) {
      return entries.isEmpty() ? NOWHERE : new Place(device, entries.at(0), 1);
    }

    boolean overlaps(Place other) {
      return device.equals(other.device)
          && (Long.compareUnsigned(addr - other.addr, other.sizeBytes) < 0
              || Long.compareUnsigned(other.addr - addr, sizeBytes) < 0);
    }
  }

  private final SimulatedCapture capture;

  Displacement(SimulatedCapture capture) {
    this.capture = capture;
  }

  /**
   * True where another CPU did something at the same place, so close to the event with that number
   * that their order may be wrong.
   */
  boolean at(int number) {
    return capture.recording() == RecordingFault.CLOCK_SKEW && hasOtherWithin(APART_NS_MAX, number);
  }

  /**
   * True where nothing in the capture tells whether it is: the machine's clock is {@code local}.
   */
  boolean mayBeAt(int number) {
    return hasOtherWithin(TAKEN_APART_NS_MAX, number);
  }

  private boolean hasOtherWithin(long apartNs, int number) {
    TraceEvent event = capture.recorded().get(number);
    Place place = Place.of(event);
    return capture.recorded().stream()
        .filter(other -> other.header().cpu() != event.header().cpu())
        .filter(other -> distanceNs(event, other) <= apartNs)
        .anyMatch(other -> Place.of(other).overlaps(place));
  }

  private static long distanceNs(TraceEvent event, TraceEvent other) {
    return Math.abs(event.header().timestampNs() - other.header().timestampNs());
  }
}
