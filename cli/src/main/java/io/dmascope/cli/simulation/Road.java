package io.dmascope.cli.simulation;

import io.dmascope.model.event.CaptureFacts;
import io.dmascope.model.event.CaptureStart;
import io.dmascope.model.event.ProbeEvent;
import io.dmascope.model.event.TraceEvent;
import io.dmascope.model.event.TraceIssue;
import io.dmascope.model.rig.RigManifest;
import io.dmascope.producer.ingest.EventSink;
import io.dmascope.producer.ingest.ReadOptions;
import io.dmascope.producer.ingest.open.Capture;
import io.dmascope.producer.ingest.open.Captures;
import io.dmascope.producer.ingest.rig.RigManifestJson;
import io.dmascope.producer.ingest.tracedat.TraceDatReader;
import io.dmascope.producer.write.AvroFileWriter;
import io.dmascope.producer.write.FtraceTextWriter;
import io.dmascope.producer.write.TraceDatWriter;
import io.dmascope.schemas.codec.EventChunkDecoder;
import io.dmascope.schemas.codec.EventChunkEncoder;
import io.dmascope.schemas.codec.EventFile;
import io.dmascope.schemas.codec.UndecodableRecordException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** How a capture gets from the machine that made it to the model. */
enum Road {
  /** As it is. */
  MEMORY {
    @Override
    List<TraceEvent> carry(List<TraceEvent> events) {
      return events;
    }
  },
  /** As chunks of the events topic. */
  CHUNKS {
    @Override
    List<TraceEvent> carry(List<TraceEvent> events) throws IOException {
      String captureId = ((CaptureStart) events.getFirst()).facts().captureId();
      EventChunkEncoder encoder = new EventChunkEncoder(captureId);
      List<TraceEvent> carried = new ArrayList<>(events.size());
      for (TraceEvent event : events) {
        encoder.add(event);
        if (encoder.eventCount() == CHUNK_EVENTS) {
          carried.addAll(decoded(encoder.finish()));
        }
      }
      if (encoder.eventCount() > 0) {
        carried.addAll(decoded(encoder.finish()));
      }
      return carried;
    }
  },
  /** As an Avro container file. */
  FILE {
    @Override
    List<TraceEvent> carry(List<TraceEvent> events) throws IOException {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      try (AvroFileWriter writer = new AvroFileWriter(bytes)) {
        for (TraceEvent event : events) {
          writer.event(event);
        }
      }
      List<TraceEvent> carried = new ArrayList<>(events.size());
      try {
        EventFile.read(
            new ByteArrayInputStream(bytes.toByteArray()), chunk -> carried.addAll(chunk.events()));
      } catch (UndecodableRecordException e) {
        throw new IllegalStateException("a file that was just written cannot be read", e);
      }
      return carried;
    }
  },
  /** As the text of a {@code trace} file. */
  TEXT {
    @Override
    List<TraceEvent> carry(List<TraceEvent> events) throws IOException {
      StringWriter text = new StringWriter();
      try (FtraceTextWriter writer = new FtraceTextWriter(text)) {
        for (TraceEvent event : events) {
          writer.event(event);
        }
      }
      CaptureFacts facts = ((CaptureStart) events.getFirst()).facts();
      byte[] bytes = text.toString().getBytes(StandardCharsets.US_ASCII);
      ReadOptions options = new ReadOptions(facts.captureId(), facts.completeStart());
      Kept kept = new Kept();
      try (Capture capture = Captures.open("-", new ByteArrayInputStream(bytes), options)) {
        capture.read(kept);
      }
      return withManifest(kept.events, facts.rig());
    }
  },
  /** As a {@code trace.dat}, which readers put in order by its stamps. */
  TRACE_DAT {
    @Override
    boolean canCarry(List<TraceEvent> events) {
      long before = Long.MIN_VALUE;
      for (TraceEvent event : events) {
        boolean inOrder = event.header().timestampNs() >= before || event instanceof CaptureStart;
        if (!inOrder || event instanceof ProbeEvent) {
          return false;
        }
        before = event.header().timestampNs();
      }
      return true;
    }

    @Override
    List<TraceEvent> carry(List<TraceEvent> events) throws IOException {
      CaptureFacts facts = ((CaptureStart) events.getFirst()).facts();
      Path file = Files.createTempFile("dmascope-simulate", ".dat");
      Kept kept = new Kept();
      try {
        try (TraceDatWriter writer =
            new TraceDatWriter(file, TraceDatWriter.Shape.VERSION_7_ZSTD)) {
          for (TraceEvent event : events) {
            writer.event(event);
          }
        }
        ReadOptions options = new ReadOptions(facts.captureId(), facts.completeStart());
        new TraceDatReader(file, facts.captureId(), options).read(kept);
      } finally {
        Files.delete(file);
      }
      return withManifest(kept.events, facts.rig());
    }
  };

  /** Few enough for several chunks in a short capture. */
  private static final int CHUNK_EVENTS = 200;

  /** True where nothing of these events gets lost or changes its place on this road. */
  boolean canCarry(List<TraceEvent> events) {
    return true;
  }

  abstract List<TraceEvent> carry(List<TraceEvent> events) throws IOException;

  /** A recording does not carry the manifest: it lies beside it, as JSON. */
  private static List<TraceEvent> withManifest(List<TraceEvent> events, RigManifest rig)
      throws IOException {
    byte[] json = RigManifestJson.write(rig).getBytes(StandardCharsets.UTF_8);
    RigManifest read = RigManifestJson.read(new ByteArrayInputStream(json)).manifest();
    CaptureStart start = (CaptureStart) events.getFirst();
    events.set(0, new CaptureStart(start.header(), start.facts().withRig(read)));
    return events;
  }

  private static List<TraceEvent> decoded(byte[] chunk) {
    try {
      return EventChunkDecoder.decode(chunk).events();
    } catch (UndecodableRecordException e) {
      throw new IllegalStateException("a chunk that was just encoded cannot be decoded", e);
    }
  }

  String key() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private static final class Kept implements EventSink {
    final List<TraceEvent> events = new ArrayList<>();

    @Override
    public void event(TraceEvent event) {
      events.add(event);
    }

    @Override
    public void issue(TraceIssue issue) {
      throw new IllegalStateException(
          "what was written cannot be read [place=%d]: %s: %s"
              .formatted(issue.place(), issue.message(), issue.excerpt()));
    }
  }
}
