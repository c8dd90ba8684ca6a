package io.dmascope.cli.simulation;

import io.dmascope.model.event.DmaAlloc;
import io.dmascope.model.event.DmaFree;
import io.dmascope.model.event.DmaMap;
import io.dmascope.model.event.DmaMapSg;
import io.dmascope.model.event.DmaSync;
import io.dmascope.model.event.DmaSyncSg;
import io.dmascope.model.event.DmaUnmap;
import io.dmascope.model.event.DmaUnmapSg;
import io.dmascope.model.event.TraceEvent;
import io.dmascope.model.event.U64List;
import io.dmascope.producer.synthetic.recording.RecordingFault;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Which events may stand at the wrong place, since clocks of CPUs are apart. */
final class Displacement {
  /** How far {@link RecordingFault#CLOCK_SKEW} sets two clocks apart at most. */
  private static final long APART_NS_MAX = 480_000;

  /** How far the model takes them to be apart. */
  private static final long TAKEN_APART_NS_MAX = 500_000;

  /** What of a device an event is about. */
  private record Place(String device, long addr, long sizeBytes) {
    static List<Place> of(TraceEvent event) {
      return switch (event) {
        case DmaMap map -> List.of(new Place(map.device(), map.dmaAddr(), map.sizeBytes()));
        case DmaUnmap unmap ->
            List.of(new Place(unmap.device(), unmap.dmaAddr(), unmap.sizeBytes()));
        case DmaAlloc alloc ->
            List.of(new Place(alloc.device(), alloc.dmaAddr(), alloc.sizeBytes()));
        case DmaFree free -> List.of(new Place(free.device(), free.dmaAddr(), free.sizeBytes()));
        case DmaSync sync -> List.of(new Place(sync.device(), sync.dmaAddr(), sync.sizeBytes()));
        case DmaSyncSg sync -> entries(sync.device(), sync.dmaAddrs(), sync.lengths());
        case DmaMapSg map ->
            Stream.concat(
                    entries(map.device(), map.dmaAddrs(), map.lengths()).stream(),
                    memory(map.device(), map.physAddrs()).stream())
                .toList();
        case DmaUnmapSg unmap -> memory(unmap.device(), unmap.physAddrs());
        default -> List.of();
      };
    }

    private static List<Place> entries(String device, U64List dmaAddrs, U64List lengths) {
      return IntStream.range(0, Math.min(dmaAddrs.size(), lengths.size()))
          .mapToObj(i -> new Place(device, dmaAddrs.at(i), lengths.at(i)))
          .toList();
    }

    /** An unmap of a list names its memory alone: the first page stands for all. */
    private static List<Place> memory(String device, U64List physAddrs) {
      return physAddrs.isEmpty() ? List.of() : List.of(new Place(device, physAddrs.at(0), 1));
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
    List<Place> places = Place.of(event);
    return capture.recorded().stream()
        .filter(other -> other.header().cpu() != event.header().cpu())
        .filter(other -> distanceNs(event, other) <= apartNs)
        .flatMap(other -> Place.of(other).stream())
        .anyMatch(other -> places.stream().anyMatch(other::overlaps));
  }

  private static long distanceNs(TraceEvent event, TraceEvent other) {
    return Math.abs(event.header().timestampNs() - other.header().timestampNs());
  }
}
