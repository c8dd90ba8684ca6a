package io.dmascope.producer.write;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.dmascope.model.event.CaptureEnd;
import io.dmascope.model.event.CaptureStart;
import io.dmascope.model.event.DmaMapSg;
import io.dmascope.model.event.DmaSyncSg;
import io.dmascope.model.event.DmaUnmapSg;
import io.dmascope.model.event.EventHeader;
import io.dmascope.model.event.EventsLost;
import io.dmascope.model.event.TraceEvent;
import io.dmascope.model.event.TraceIssue;
import io.dmascope.producer.ingest.EventSink;
import io.dmascope.producer.ingest.ReadOptions;
import io.dmascope.producer.ingest.TracefsPrinter;
import io.dmascope.producer.ingest.order.Resequencer;
import io.dmascope.producer.ingest.tracedat.TraceDatReader;
import io.dmascope.producer.synthetic.CaptureSpec;
import io.dmascope.producer.synthetic.SyntheticCapture;
import io.dmascope.producer.synthetic.machine.Backend;
import io.dmascope.producer.synthetic.machine.Chance;
import io.dmascope.producer.synthetic.machine.Generation;
import io.dmascope.producer.synthetic.machine.Machine;
import io.dmascope.producer.synthetic.profile.Profile;
import io.dmascope.producer.synthetic.profile.Sizes;
import io.dmascope.producer.synthetic.recording.RecordingFault;
import io.dmascope.producer.write.TraceDatWriter.Shape;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What is written is held against our reader and, where it is installed, against trace-cmd. */
class TraceDatWriterTest {
  private static final int EVENTS = 1500;

  @TempDir private Path directory;

  private static Stream<Arguments> machines() {
    return Stream.of(Shape.values())
        .flatMap(
            shape ->
                Stream.of(
                    Arguments.of(shape, Generation.V6_12, Backend.STRICT),
                    Arguments.of(shape, Generation.V6_12, Backend.SWIOTLB),
                    Arguments.of(shape, Generation.V7_3, Backend.LAZY),
                    Arguments.of(shape, Generation.V7_3, Backend.DIRECT)));
  }

  @ParameterizedTest
  @MethodSource("machines")
  void whatIsWritten_isReadAsItWas(Shape shape, Generation generation, Backend backend)
      throws IOException {
    List<TraceEvent> events = madeUp(generation, backend, Profile.MIX);
    assertThat(read(written(events, shape))).isEqualTo(comparable(events));
  }

  @ParameterizedTest
  @EnumSource(Shape.class)
  void aGap_isToldByThePageThatFollows(Shape shape) throws IOException {
    List<TraceEvent> events =
        RecordingFault.LOST.applyTo(
            madeUp(Generation.V6_12, Backend.DIRECT, Profile.NVME), new Chance(3));
    assertThat(read(written(events, shape))).isEqualTo(comparable(events));
  }

  @ParameterizedTest
  @EnumSource(Profile.class)
  void everyProfile_canBeWritten(Profile profile) throws IOException {
    List<TraceEvent> events = madeUp(Generation.V7_3, Backend.STRICT, profile);
    assertThat(read(written(events, Shape.VERSION_7_ZSTD))).isEqualTo(comparable(events));
  }

  @Test
  void pagesThatWaited_areGone() throws IOException {
    written(madeUp(Generation.V6_12, Backend.DIRECT, Profile.AHCI), Shape.VERSION_6);
    try (Stream<Path> files = Files.list(directory)) {
      assertThat(files).hasSize(1);
    }
  }

  @ParameterizedTest
  @MethodSource("machines")
  void traceCmd_readsTheSameText(Shape shape, Generation generation, Backend backend)
      throws IOException, InterruptedException {
    List<TraceEvent> events = madeUp(generation, backend, Profile.MIX);
    List<String> lines = traceCmd("report", "-t", written(events, shape).toString());
    assertThat(lines.removeFirst()).isEqualTo("cpus=4");
    List<TraceEvent> traced = events.subList(1, events.size() - 1);
    assertThat(lines).hasSameSizeAs(traced);
    TracefsPrinter printer = new TracefsPrinter();
    for (int i = 0; i < lines.size(); i++) {
      if (!isBeyondTraceCmd(traced.get(i))) {
        assertThat(fromTraceCmd(lines.get(i))).isEqualTo(asTraceCmd(traced.get(i), printer));
      } else {
        assertThat(stampOf(lines.get(i))).isEqualTo(nanoseconds(traced.get(i)));
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Shape.class)
  void traceCmd_readsWhatTheKernelSaysOfItself(Shape shape)
      throws IOException, InterruptedException {
    List<TraceEvent> events =
        RecordingFault.LOST.applyTo(
            madeUp(Generation.V6_12, Backend.DIRECT, Profile.NVME), new Chance(3));
    String file = written(events, shape).toString();
    CaptureEnd end = (CaptureEnd) events.getLast();
    List<String> statistics = traceCmd("report", "--stat", file);
    assertThat(sumOf("overrun", statistics)).isEqualTo(end.input().lost());
    assertThat(sumOf("read events", statistics) + gaps(events)).isEqualTo(end.input().events());
    assertThat(traceCmd("report", "--uname", file)).contains("Linux dmascope 6.12.107 x86_64");
    assertThat(traceCmd("report", file).stream().filter(line -> line.contains("EVENTS DROPPED")))
        .hasSize((int) gaps(events));
  }

  private static long gaps(List<TraceEvent> events) {
    return events.stream().filter(event -> event instanceof EventsLost).count();
  }

  private static long sumOf(String counter, List<String> statistics) {
    return statistics.stream()
        .filter(line -> line.startsWith(counter + ": "))
        .mapToLong(line -> Long.parseLong(line.substring(counter.length() + 2)))
        .sum();
  }

  /** trace-cmd cannot divide by a sizeof, as lists print. It fails on real recordings alike. */
  private static boolean isBeyondTraceCmd(TraceEvent event) {
    return event instanceof DmaMapSg || event instanceof DmaUnmapSg || event instanceof DmaSyncSg;
  }

  private static final Pattern LINE =
      Pattern.compile(" *(.+)-(\\d+) +\\[(\\d+)] +([\\d.]+): (\\w+): +(.*)");

  private static String stampOf(String line) {
    Matcher matcher = LINE.matcher(line);
    assertThat(matcher.matches()).as(line).isTrue();
    return matcher.group(4);
  }

  private static String nanoseconds(TraceEvent event) {
    long stamp = event.header().timestampNs();
    return "%d.%09d".formatted(stamp / 1_000_000_000, stamp % 1_000_000_000);
  }

  private static String fromTraceCmd(String line) {
    Matcher m = LINE.matcher(line);
    assertThat(m.matches()).as(line).isTrue();
    return String.join(
        " ", m.group(1), m.group(2), m.group(3), m.group(4), m.group(5) + ":", m.group(6));
  }

  /** Pointers have 0x before them, and other leading zeroes. */
  private static String asTraceCmd(TraceEvent event, TracefsPrinter printer) {
    EventHeader header = event.header();
    String line = printer.line(event);
    String text = line.substring(line.indexOf(": ") + 2);
    return "%s %d %03d %s %s"
        .formatted(
            header.comm(),
            header.pid(),
            header.cpu(),
            nanoseconds(event),
            text.replaceFirst("(virt_addr=|attachment:)", "$10x"));
  }

  private static List<String> traceCmd(String... arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("trace-cmd"));
    command.addAll(List.of(arguments));
    Process process;
    try {
      process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    } catch (IOException missing) {
      assumeTrue(false, "trace-cmd is not installed");
      throw missing;
    }
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).isZero();
    return new ArrayList<>(output.lines().toList());
  }

  private Path written(List<TraceEvent> events, Shape shape) throws IOException {
    Path file = directory.resolve("trace.dat");
    try (TraceDatWriter writer = new TraceDatWriter(file, shape)) {
      for (TraceEvent event : events) {
        writer.event(event);
      }
    }
    return file;
  }

  private static List<TraceEvent> madeUp(Generation generation, Backend backend, Profile profile) {
    CaptureSpec spec =
        new CaptureSpec(
            "capture",
            7,
            new Machine.Spec(generation, backend, 4, true, false),
            profile,
            profile.usualLoad(),
            Sizes.SMALL,
            EVENTS,
            Long.MAX_VALUE / 2);
    Kept kept = new Kept();
    new SyntheticCapture(spec).read(kept);
    return kept.events;
  }

  private static List<TraceEvent> read(Path file) throws IOException {
    Kept kept = new Kept();
    new TraceDatReader(file, "trace.dat", new ReadOptions("capture", false)).read(kept);
    CaptureStart start = (CaptureStart) kept.events.getFirst();
    assertThat(start.facts().kernelRelease()).isNotEmpty();
    assertThat(start.facts().clock()).isEqualTo("local");
    return comparable(kept.events);
  }

  /** Events without their places, which are a matter of the file. */
  private static List<TraceEvent> comparable(List<TraceEvent> events) {
    List<TraceEvent> placeless = new ArrayList<>();
    for (TraceEvent event : events.subList(1, events.size() - 1)) {
      EventHeader header = event.header();
      placeless.add(
          Resequencer.under(
              event,
              new EventHeader(
                  header.sequence(),
                  header.timestampNs(),
                  header.cpu(),
                  header.pid(),
                  header.comm(),
                  0)));
    }
    return placeless;
  }

  private static final class Kept implements EventSink {
    final List<TraceEvent> events = new ArrayList<>();

    @Override
    public void event(TraceEvent event) {
      events.add(event);
    }

    @Override
    public void issue(TraceIssue issue) {
      throw new UncheckedIOException(new IOException(issue.message()));
    }
  }
}
