package io.dmascope.producer.ingest.tracedat;

import io.dmascope.model.event.TraceIssue;
import io.dmascope.model.event.TraceIssue.Kind;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Which buffer instance each kind of event is taken from.
 *
 * <p>An event that is enabled in several instances stands in each of them, stamped at slightly
 * different times: taking both would map everything twice. So each kind has one owner: the instance
 * with most of its records, the first of them among equals. Instances that own nothing are not
 * read; nor are those with another clock than the first that has something for us, because their
 * stamps cannot be compared.
 */
final class InstanceChoice {
  private static final int NOBODY = -1;

  private final List<Integer> read;
  private final int[] owners;
  private final List<TraceIssue> issues;

  private InstanceChoice(List<Integer> read, int[] owners, List<TraceIssue> issues) {
    this.read = read;
    this.owners = owners;
    this.issues = issues;
  }

  /** Chooses; where there is more than one instance with data this reads all of them once. */
  static InstanceChoice of(TraceDatFile dat, MemorySegment bytes, EventDecoders decoders) {
    List<Integer> withData = new ArrayList<>();
    for (int i = 0; i < dat.instances().size(); i++) {
      if (dat.instances().get(i).cpus().stream().anyMatch(cpu -> cpu.size() != 0)) {
        withData.add(i);
      }
    }
    if (withData.size() < 2) {
      return new InstanceChoice(withData, null, List.of());
    }
    return counted(dat, bytes, decoders, withData);
  }

  private static InstanceChoice counted(
      TraceDatFile dat, MemorySegment bytes, EventDecoders decoders, List<Integer> withData) {
    int[] owners = new int[EventDecoders.IDS];
    long[] most = new long[EventDecoders.IDS];
    Arrays.fill(owners, NOBODY);
    List<TraceIssue> issues = new ArrayList<>();
    String clock = null;
    for (int instance : withData) {
      long[] counts = count(dat, bytes, decoders, instance);
      BufferInstance described = dat.instances().get(instance);
      if (Arrays.stream(counts).allMatch(count -> count == 0)) {
        continue;
      }
      if (clock != null && !clock.equals(described.clock())) {
        issues.add(otherClock(described, clock));
        continue;
      }
      clock = described.clock();
      for (int id = 0; id < counts.length; id++) {
        if (counts[id] > most[id]) {
          most[id] = counts[id];
          owners[id] = instance;
        }
      }
    }
    List<Integer> read =
        Arrays.stream(owners).filter(owner -> owner != NOBODY).sorted().distinct().boxed().toList();
    return new InstanceChoice(read.isEmpty() ? withData.subList(0, 1) : read, owners, issues);
  }

  private static long[] count(
      TraceDatFile dat, MemorySegment bytes, EventDecoders decoders, int instance) {
    long[] counts = new long[EventDecoders.IDS];
    Payload payload = new Payload(dat.byteOrder());
    // What is damaged is reported when it is read for its events.
    try (InstanceStreams streams = new InstanceStreams(dat, bytes, issue -> {})) {
      for (CpuStream stream : streams.open(instance)) {
        while (stream.advance()) {
          stream.payload(payload);
          int id = decoders.idOf(payload);
          if (id >= 0 && decoders.decoder(id) != null) {
            counts[id]++;
          }
        }
      }
    }
    return counts;
  }

  private static TraceIssue otherClock(BufferInstance instance, String clock) {
    return new TraceIssue(
        Kind.DAMAGED_RECORD,
        instance.cpus().getFirst().offset(),
        "an instance with another clock is left out [instance=%s] [clock=%s] [expected=%s]"
            .formatted(instance.name(), instance.clock(), clock),
        "");
  }

  /** The positions of the instances to read, ascending. */
  List<Integer> read() {
    return read;
  }

  /** True where events with that id are taken from the instance. */
  boolean takes(int instance, int id) {
    return owners == null || owners[id] == instance;
  }

  /** What is left out and why. */
  List<TraceIssue> issues() {
    return issues;
  }
}
