package io.dmascope.cli;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Reads a trace of track events back from protobuf's wire format, knowing nothing of its writer.
 */
final class PerfettoReader {
  /** What is read of a TrackEvent. */
  record Event(
      long timestampNs, long type, long track, String category, String name, List<Long> flows) {}

  private final List<Event> events = new ArrayList<>();
  private final Set<Long> tracks = new HashSet<>();
  private final Set<Long> parents = new HashSet<>();

  private PerfettoReader() {}

  static PerfettoReader read(byte[] trace) {
    PerfettoReader reader = new PerfettoReader();
    for (Object packet : fields(trace).getOrDefault(1, List.of())) {
      Map<Integer, List<Object>> fields = fields((byte[]) packet);
      if (fields.containsKey(60)) {
        Map<Integer, List<Object>> track = fields((byte[]) fields.get(60).getFirst());
        reader.tracks.add((Long) track.get(1).getFirst());
        if (track.containsKey(5)) {
          reader.parents.add((Long) track.get(5).getFirst());
        }
      } else {
        reader.add((Long) fields.get(8).getFirst(), fields((byte[]) fields.get(11).getFirst()));
      }
    }
    return reader;
  }

  private void add(long timestampNs, Map<Integer, List<Object>> event) {
    events.add(
        new Event(
            timestampNs,
            (Long) event.get(9).getFirst(),
            (Long) event.get(11).getFirst(),
            text(event.get(22)),
            text(event.get(23)),
            event.getOrDefault(47, List.of()).stream().map(Long.class::cast).toList()));
  }

  private static String text(List<Object> field) {
    return field == null ? "" : new String((byte[]) field.getFirst(), StandardCharsets.UTF_8);
  }

  List<Event> named(String category) {
    return events.stream().filter(event -> event.category().equals(category)).toList();
  }

  /** Begin and end of every slice; slices of one track must not overlap. */
  List<String> slices() {
    Map<Long, Long> open = new HashMap<>();
    List<String> slices = new ArrayList<>();
    List<Event> inTime = new ArrayList<>(events);
    // At one moment a slice ends before the next one begins, as they were written.
    inTime.sort((a, b) -> Long.compare(a.timestampNs(), b.timestampNs()));
    for (Event event : inTime) {
      if (event.type() == 1 && open.put(event.track(), event.timestampNs()) != null) {
        throw new AssertionError("slices overlap on track " + event.track());
      } else if (event.type() == 2) {
        slices.add(open.remove(event.track()) + "-" + event.timestampNs());
      }
    }
    if (!open.isEmpty()) {
      throw new AssertionError("slices without an end: " + open);
    }
    return slices;
  }

  Set<Long> unknownParents() {
    Set<Long> unknown = new HashSet<>(parents);
    unknown.removeAll(tracks);
    return unknown;
  }

  private static Map<Integer, List<Object>> fields(byte[] message) {
    Map<Integer, List<Object>> fields = new HashMap<>();
    ByteBuffer in = ByteBuffer.wrap(message).order(ByteOrder.LITTLE_ENDIAN);
    while (in.hasRemaining()) {
      long tag = varint(in);
      Object value =
          switch ((int) (tag & 7)) {
            case 0 -> varint(in);
            case 1 -> in.getLong();
            case 2 -> {
              byte[] bytes = new byte[(int) varint(in)];
              in.get(bytes);
              yield bytes;
            }
            default -> throw new AssertionError("no such wire type: " + (tag & 7));
          };
      fields.computeIfAbsent((int) (tag >>> 3), _ -> new ArrayList<>()).add(value);
    }
    return fields;
  }

  private static long varint(ByteBuffer in) {
    long value = 0;
    for (int shift = 0; ; shift += 7) {
      byte b = in.get();
      value |= (b & 0x7fL) << shift;
      if (b >= 0) {
        return value;
      }
    }
  }
}
