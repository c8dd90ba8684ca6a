package io.dmascope.producer.ingest.tracedat;

import io.dmascope.model.event.CaptureEnd;
import io.dmascope.model.event.CaptureFacts;
import io.dmascope.model.event.CaptureStart;
import io.dmascope.model.event.EventHeader;
import io.dmascope.model.event.EventsLost;
import io.dmascope.model.event.InputCounts;
import io.dmascope.model.event.TraceIssue;
import io.dmascope.producer.ingest.EventSink;
import io.dmascope.producer.ingest.ReadOptions;
import io.dmascope.producer.ingest.TraceReader;
import io.dmascope.producer.ingest.UnusableInputException;
import io.dmascope.producer.ingest.order.StreamMerger;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads a {@code trace.dat} of trace-cmd, version 6 or 7, as one capture.
 *
 * <p>The file is mapped, not loaded; each CPU's pages are read as the merge by time needs them.
 * Records of equal time are ordered by the buffer instance, then by the CPU's number, which is the
 * order of the kernel's own {@code trace} file. What several instances recorded is taken from one
 * of them ({@link InstanceChoice}). {@code EventHeader.place()} is the byte offset of the record;
 * in compressed data, the offset it would have if its CPU's data lay uncompressed at the place
 * where it begins.
 */
public final class TraceDatReader implements TraceReader {
  /** What {@link CaptureFacts#format()} says. */
  public static final String FORMAT = "trace.dat";

  private final Path file;
  private final String displayName;
  private final ReadOptions options;

  /**
   * @param displayName the file as the user named it, for messages and for the capture's facts
   */
  public TraceDatReader(Path file, String displayName, ReadOptions options) {
    this.file = file;
    this.displayName = displayName;
    this.options = options;
  }

  /** True where a file that begins with these bytes is a trace.dat. */
  public static boolean recognises(byte[] head, int size) {
    return TraceDatFile.isTraceDat(head, size);
  }

  @Override
  public void read(EventSink sink) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
        Arena arena = Arena.ofConfined()) {
      read(channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena), sink);
    } catch (UnusableInputException unusable) {
      throw new UnusableInputException(subject() + " " + unusable.getMessage(), unusable);
    } catch (InternalError fault) {
      // What a mapped file gives instead of an IOException, e.g. when it shrinks meanwhile.
      throw new IOException(subject() + " could not be read to its end", fault);
    }
  }

  private String subject() {
    return displayName.equals("-") ? "standard input" : displayName;
  }

  /** Reads the bytes of a whole file. */
  void read(MemorySegment bytes, EventSink sink) throws UnusableInputException {
    TraceDatFile dat = TraceDatFile.open(bytes);
    if (dat.instances().isEmpty()) {
      throw new UnusableInputException(
          dat.issues().isEmpty()
              ? "is a trace.dat without a ring buffer"
              : "is a trace.dat whose data cannot be found: " + dat.issues().getFirst().message());
    }
    EventDecoders decoders = new EventDecoders(dat);
    InstanceChoice choice = InstanceChoice.of(dat, bytes, decoders);
    new Reading(dat, choice, decoders, sink).read(bytes);
  }

  /* hot path */
  /** One pass over the file: merges, decodes, counts. */
  private final class Reading {
    private final TraceDatFile dat;
    private final EventSink sink;
    private final InstanceChoice choice;
    private final EventDecoders decoders;
    private final Payload payload;
    private long sequence;
    private long timestampNs;
    private long lines;
    private long events;
    private long decoded;
    private long skipped;
    private long issues;
    private long lost;

    Reading(TraceDatFile dat, InstanceChoice choice, EventDecoders decoders, EventSink sink) {
      this.dat = dat;
      this.choice = choice;
      this.decoders = decoders;
      this.sink = sink;
      this.payload = new Payload(dat.byteOrder());
    }

    void read(MemorySegment bytes) {
      start();
      dat.issues().forEach(this::issue);
      choice.issues().forEach(this::issue);
      try (InstanceStreams opener = new InstanceStreams(dat, bytes, this::issue)) {
        List<CpuStream> streams = new ArrayList<>();
        choice.read().forEach(instance -> streams.addAll(opener.open(instance)));
        merge(new StreamMerger<>(streams, this::losses));
      }
      InputCounts counts = new InputCounts(lines, events, decoded, skipped, issues, lost);
      sink.event(new CaptureEnd(captureHeader(), counts));
    }

    private void merge(StreamMerger<CpuStream> merger) {
      for (CpuStream stream = merger.next(); stream != null; stream = merger.next()) {
        timestampNs = dat.time().timestampNs(stream.stamp());
        losses(stream);
        record(stream);
      }
    }

    private void start() {
      CaptureFacts facts =
          new CaptureFacts(
              options.captureIdOf(displayName),
              displayName,
              FORMAT,
              kernelRelease(dat.uname()),
              dat.instances().getFirst().clock(),
              options.completeStart());
      sink.event(new CaptureStart(captureHeader(), facts));
    }

    private EventHeader captureHeader() {
      return new EventHeader(
          sequence++, timestampNs, EventHeader.UNKNOWN, EventHeader.UNKNOWN, "", 0);
    }

    private void record(CpuStream stream) {
      lines++;
      events++;
      stream.payload(payload);
      int id = decoders.idOf(payload);
      RecordDecoder decoder = id < 0 ? null : decoders.decoder(id);
      if (decoder == null || !choice.takes(stream.instance(), id)) {
        skipped++;
        return;
      }
      try {
        int pid = payload.i32(decoders.pidOffset());
        EventHeader header =
            new EventHeader(
                sequence, timestampNs, stream.cpu(), pid, dat.cmdlines().comm(pid), stream.place());
        sink.event(decoder.decode(payload, header));
        sequence++;
        decoded++;
      } catch (BadPayloadException bad) {
        issues++;
        sink.issue(
            new TraceIssue(TraceIssue.Kind.MALFORMED_EVENT, stream.place(), bad.getMessage(), ""));
        lost(stream, EventsLost.COUNT_UNKNOWN, EventsLost.Cause.UNREADABLE);
      }
    }

    /** Says what is missing before the stream's current record, or behind its last. */
    private void losses(CpuStream stream) {
      long overrun = stream.takeOverrun();
      if (overrun != 0) {
        lost += Math.max(overrun, 1); // an unknown number is at least one
        lost(stream, overrun, EventsLost.Cause.OVERRUN);
      }
      if (stream.takeUnreadable()) {
        lost(stream, EventsLost.COUNT_UNKNOWN, EventsLost.Cause.UNREADABLE);
      }
    }

    private void lost(CpuStream stream, long count, EventsLost.Cause cause) {
      EventHeader header =
          new EventHeader(
              sequence++, timestampNs, stream.cpu(), EventHeader.UNKNOWN, "", stream.place());
      sink.event(new EventsLost(header, count, cause));
    }

    private void issue(TraceIssue issue) {
      lines++;
      issues++;
      sink.issue(issue);
    }
  }

  /** Takes the release out of e.g. {@code Linux host 6.12.107+deb13-amd64 x86_64}. */
  private static String kernelRelease(String uname) {
    String[] words = uname.split(" ", -1);
    return words.length > 2 ? words[2] : "";
  }
}
