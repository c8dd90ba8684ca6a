package io.dmascope.producer.ingest.rig;

import io.dmascope.model.event.CaptureStart;
import io.dmascope.model.event.TraceEvent;
import io.dmascope.model.event.TraceIssue;
import io.dmascope.model.rig.RigManifest;
import io.dmascope.producer.ingest.EventSink;
import io.dmascope.producer.ingest.ReadOptions;
import io.dmascope.producer.ingest.TraceReader;
import io.dmascope.producer.ingest.UnusableInputException;
import io.dmascope.producer.ingest.dmesg.DmesgLog;
import io.dmascope.producer.ingest.dmesg.DmesgTraceReader;
import io.dmascope.producer.ingest.dmesg.RelayedFaults;
import io.dmascope.producer.ingest.open.Capture;
import io.dmascope.producer.ingest.open.Captures;
import io.dmascope.producer.ingest.open.Judged;
import io.dmascope.producer.ingest.open.TraceFormat;
import io.dmascope.producer.ingest.probe.ProbeTraceReader;
import io.dmascope.producer.ingest.text.TextEncoding;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A capture with what came beside it: the rig's manifest, and faults of the kernel log among its
 * events. It opens what {@link Captures} opens, and the capture kit's archive. It can be read once;
 * closing it closes the source and removes what was unpacked.
 */
public final class RigCapture implements TraceReader, Closeable {
  /**
   * What the user says about companions.
   *
   * @param named files to take instead of what lies beside the capture
   * @param dmesgOffsetNs trace stamp minus kernel log stamp, where the user knows it
   * @param alone whether what lies beside the capture is left where it is
   */
  public record Options(Companions named, OptionalLong dmesgOffsetNs, boolean alone) {
    public static final Options DEFAULT = new Options(Companions.NONE, OptionalLong.empty());

    /** The events of the recording itself, and no others. */
    public static final Options ALONE = new Options(Companions.NONE, OptionalLong.empty(), true);

    public Options(Companions named, OptionalLong dmesgOffsetNs) {
      this(named, dmesgOffsetNs, false);
    }

    private Companions companions(Companions found) {
      return alone ? named : named.or(found);
    }
  }

  /** Something that has to be released when the capture is closed, or nothing. */
  private final Closeable resource;

  private final TraceReader reader;
  private final RigManifest manifest;
  private final List<TraceIssue> issues;

  private RigCapture(
      Closeable resource, TraceReader reader, RigManifest manifest, List<TraceIssue> issues) {
    this.resource = resource;
    this.reader = reader;
    this.manifest = manifest;
    this.issues = issues;
  }

  /**
   * Opens a capture and its companions.
   *
   * @param name a path, or {@code -} for standard input, which has no companions but those named
   * @throws UnusableInputException where there is no trace, or a companion cannot be used; one
   *     sentence for the user
   */
  public static RigCapture open(
      String name, InputStream standardInput, ReadOptions readOptions, Options options)
      throws IOException {
    Optional<Path> file = pathOf(name);
    if (file.isPresent() && CaptureArchive.recognises(file.get())) {
      return openArchive(
          name,
          CaptureArchive.unpack(file.get(), CaptureArchive.Limits.DEFAULT),
          readOptions,
          options);
    }
    InputStream stream = CaptureArchive.lookAhead(standardInput);
    if (name.equals("-") && CaptureArchive.recognises(stream)) {
      return openArchive(
          name,
          CaptureArchive.unpack(stream, "standard input", CaptureArchive.Limits.DEFAULT),
          readOptions,
          options);
    }
    Companions companions =
        options.companions(file.map(Companions::beside).orElse(Companions.NONE));
    if (file.isEmpty() || companions.dmesg().isEmpty()) {
      // Opened now, so that what is no trace is refused before anything else begins.
      Capture capture = Captures.open(name, stream, readOptions);
      try {
        TraceReader judged = sink -> Judged.read(capture, sink);
        return withCompanions(capture, judged, companions, options, List.of());
      } catch (IOException e) {
        capture.close();
        throw e;
      }
    }
    Captures.open(name, stream, readOptions).close();
    TraceReader capture = sink -> readAnew(name, readOptions, sink);
    return withCompanions(() -> {}, capture, companions, options, List.of());
  }

  /**
   * Opens a text file that is still written to. Of what lies beside it only the manifest is read:
   * to join another file takes two readings.
   *
   * @param live the file's content as it comes
   * @throws UnusableInputException as {@link #open}, and where it is no text
   */
  public static RigCapture follow(
      Path file, InputStream live, ReadOptions readOptions, Options options) throws IOException {
    Capture capture = Captures.ofStream(file.toString(), live, readOptions);
    try {
      if (capture.format() == TraceFormat.TRACE_DAT) {
        throw new UnusableInputException(
            file + " is a trace.dat, which cannot be followed: it is complete or of no use");
      }
      Companions found = Companions.beside(file);
      Companions companions =
          options.companions(new Companions(found.manifest(), Optional.empty(), Optional.empty()));
      if (companions.dmesg().isPresent() || companions.probe().isPresent()) {
        throw new UnusableInputException(
            "only a manifest can be joined with " + file + " while it is followed");
      }
      return withCompanions(capture, capture, companions, options, List.of());
    } catch (IOException e) {
      capture.close();
      throw e;
    }
  }

  private static RigCapture openArchive(
      String name, CaptureArchive archive, ReadOptions readOptions, Options options)
      throws IOException {
    try {
      Path unpacked = archive.capture();
      ReadOptions named = readOptions.withCaptureId(readOptions.captureIdOf(name));
      TraceReader capture = sink -> readUnpacked(unpacked, name, named, sink);
      refuseWhatIsNoTrace(unpacked, name, named);
      List<TraceIssue> issues =
          archive.truncated()
              ? List.of(
                  new TraceIssue(
                      TraceIssue.Kind.TRUNCATED_INPUT, 0, "the archive ends early", name))
              : List.of();
      Companions companions = options.companions(archive.companions());
      return withCompanions(archive, capture, companions, options, issues);
    } catch (IOException e) {
      archive.close();
      throw e;
    }
  }

  private static RigCapture withCompanions(
      Closeable resource,
      TraceReader capture,
      Companions companions,
      Options options,
      List<TraceIssue> issues)
      throws IOException {
    RigManifestJson.Reading manifest =
        companions.manifest().isPresent()
            ? readManifest(companions.manifest().get())
            : new RigManifestJson.Reading(RigManifest.UNKNOWN, List.of());
    TraceReader reader = capture;
    if (companions.probe().isPresent()) {
      reader =
          new ProbeTraceReader(
              reader,
              probeRecording(companions.probe().get()),
              manifest.manifest().tracing().clock());
    }
    RigManifest rig = manifest.manifest();
    if (companions.dmesg().isPresent()) {
      reader =
          new DmesgTraceReader(
              reader, readDmesg(companions.dmesg().get()), options.dmesgOffsetNs());
      rig = rig.withTracing(rig.tracing().withKernelLog());
    }
    List<TraceIssue> all = new ArrayList<>(issues);
    manifest.unknownKeys().stream().map(RigCapture::unknownKey).forEach(all::add);
    return new RigCapture(resource, reader, rig, all);
  }

  private static TraceIssue unknownKey(String pointer) {
    return new TraceIssue(
        TraceIssue.Kind.COMPANION, 0, "the manifest's " + pointer + " is not known", "");
  }

  /** What is known of the rig; {@link RigManifest#UNKNOWN} where no manifest came along. */
  public RigManifest manifest() {
    return manifest;
  }

  @Override
  public void read(EventSink sink) throws IOException {
    reader.read(new RelayedFaults(new Companioned(sink, manifest, issues)));
  }

  @Override
  public void close() throws IOException {
    resource.close();
  }

  private static void readAnew(String name, ReadOptions options, EventSink sink)
      throws IOException {
    try (Capture capture = Captures.open(name, InputStream.nullInputStream(), options)) {
      Judged.read(capture, sink);
    }
  }

  /** Probes may have seen nothing, beside a recording that did. */
  private static void readProbe(String name, EventSink sink) throws IOException {
    try (Capture capture =
        Captures.open(name, InputStream.nullInputStream(), ReadOptions.DEFAULT)) {
      capture.read(sink);
    }
  }

  private static void refuseWhatIsNoTrace(Path unpacked, String name, ReadOptions options)
      throws IOException {
    try {
      Captures.open(unpacked.toString(), InputStream.nullInputStream(), options).close();
    } catch (UnusableInputException e) {
      throw inArchive(e, unpacked, name);
    }
  }

  /** The events say what the user called the archive, not where it was unpacked. */
  private static void readUnpacked(Path unpacked, String name, ReadOptions options, EventSink sink)
      throws IOException {
    try {
      readAnew(unpacked.toString(), options, new NamedFile(sink, name));
    } catch (UnusableInputException e) {
      throw inArchive(e, unpacked, name);
    }
  }

  private static UnusableInputException inArchive(
      UnusableInputException e, Path unpacked, String name) {
    String place = name + ": " + unpacked.getFileName();
    return new UnusableInputException(e.getMessage().replace(unpacked.toString(), place), e);
  }

  private static RigManifestJson.Reading readManifest(Path path) throws IOException {
    try (InputStream in = Files.newInputStream(path)) {
      return RigManifestJson.read(in);
    } catch (NoSuchFileException e) {
      throw new UnusableInputException("manifest " + path + " does not exist", e);
    }
  }

  private static DmesgLog readDmesg(Path path) throws IOException {
    try (InputStream in = Files.newInputStream(path)) {
      return DmesgLog.read(TextEncoding.decoded(in));
    } catch (NoSuchFileException e) {
      throw new UnusableInputException("kernel log " + path + " does not exist", e);
    }
  }

  private static TraceReader probeRecording(Path path) throws IOException {
    String name = path.toString();
    // What is no recording is refused before anything else begins.
    Captures.open(name, InputStream.nullInputStream(), ReadOptions.DEFAULT).close();
    return sink -> readProbe(name, sink);
  }

  private static Optional<Path> pathOf(String name) {
    try {
      return name.equals("-") ? Optional.empty() : Optional.of(Path.of(name));
    } catch (InvalidPathException e) {
      // Captures.open says so in its own words.
      return Optional.empty();
    }
  }

  /**
   * Has the first event say what is known of the machine, and tells what is wrong with the
   * companions as soon as a sink may hear of anything.
   */
  private record Companioned(EventSink sink, RigManifest manifest, List<TraceIssue> issues)
      implements EventSink {
    @Override
    public void event(TraceEvent event) {
      if (event instanceof CaptureStart start) {
        sink.event(new CaptureStart(start.header(), start.facts().withRig(manifest)));
        issues.forEach(sink::issue);
      } else {
        sink.event(event);
      }
    }

    @Override
    public void issue(TraceIssue issue) {
      sink.issue(issue);
    }
  }

  /** Gives the capture's source another name. */
  private record NamedFile(EventSink sink, String name) implements EventSink {
    @Override
    public void event(TraceEvent event) {
      sink.event(event instanceof CaptureStart start ? renamed(start) : event);
    }

    @Override
    public void issue(TraceIssue issue) {
      sink.issue(issue);
    }

    private CaptureStart renamed(CaptureStart start) {
      return new CaptureStart(start.header(), start.facts().withFile(name));
    }
  }
}
