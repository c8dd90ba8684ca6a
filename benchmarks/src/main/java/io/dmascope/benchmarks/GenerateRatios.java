package io.dmascope.benchmarks;

import io.dmascope.model.event.TraceEvent;
import io.dmascope.model.event.TraceIssue;
import io.dmascope.producer.ingest.EventSink;
import io.dmascope.producer.synthetic.CaptureSpec;
import io.dmascope.producer.synthetic.SyntheticCapture;
import io.dmascope.producer.synthetic.machine.Backend;
import io.dmascope.producer.synthetic.machine.Generation;
import io.dmascope.producer.synthetic.machine.Machine;
import io.dmascope.producer.synthetic.profile.Profile;
import io.dmascope.producer.synthetic.profile.Sizes;
import io.dmascope.producer.write.AvroFileWriter;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * What it costs to make a capture up and write it to a file, against writing it alone: CPU time of
 * one thread, the best of some rounds taken in turn.
 */
public final class GenerateRatios {
  private static final int EVENTS = 1_000_000;
  private static final int ROUNDS = 5;

  private final CaptureSpec spec;
  private final Path file;

  private GenerateRatios(Profile profile, Backend backend, Path file) {
    this.file = file;
    this.spec =
        new CaptureSpec(
            "ratios",
            1,
            new Machine.Spec(Generation.V6_12, backend, 4, false, false),
            profile,
            profile.usualLoad(),
            Sizes.USUAL,
            EVENTS,
            Long.MAX_VALUE / 2);
  }

  public static void main(String[] args) throws IOException {
    Path file = Files.createTempFile("generate", ".avro");
    try {
      for (Profile profile : List.of(Profile.NVME, Profile.NIC, Profile.MIX)) {
        for (Backend backend : List.of(Backend.DIRECT, Backend.STRICT)) {
          new GenerateRatios(profile, backend, file).run();
        }
      }
    } finally {
      Files.delete(file);
    }
  }

  private void run() throws IOException {
    double encoding = Double.MAX_VALUE;
    double both = Double.MAX_VALUE;
    for (int round = 0; round < ROUNDS; round++) {
      List<TraceEvent> events = new ArrayList<>();
      read(events::add);
      long start = cpuNs();
      try (AvroFileWriter writer = writer()) {
        for (TraceEvent event : events) {
          writer.event(event);
        }
      }
      encoding = Math.min(encoding, (double) (cpuNs() - start) / events.size());
      start = cpuNs();
      try (AvroFileWriter writer = writer()) {
        read(event -> write(writer, event));
      }
      both = Math.min(both, (double) (cpuNs() - start) / events.size());
    }
    System.out.printf(
        "%s, %s: encoding %.0f ns, making and encoding %.0f ns an event, %.2f M events/s, ratio"
            + " %.2f%n",
        spec.profile().key(),
        spec.machine().backend(),
        encoding,
        both,
        1000 / both,
        both / encoding);
  }

  private AvroFileWriter writer() throws IOException {
    return new AvroFileWriter(new BufferedOutputStream(Files.newOutputStream(file), 1 << 16));
  }

  private static void write(AvroFileWriter writer, TraceEvent event) {
    try {
      writer.event(event);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void read(Consumer<TraceEvent> events) {
    new SyntheticCapture(spec)
        .read(
            new EventSink() {
              @Override
              public void event(TraceEvent event) {
                events.accept(event);
              }

              @Override
              public void issue(TraceIssue issue) {
                throw new IllegalStateException(issue.message());
              }
            });
  }

  private static long cpuNs() {
    return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
  }
}
