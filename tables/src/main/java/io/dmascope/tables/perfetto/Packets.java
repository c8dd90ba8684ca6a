package io.dmascope.tables.perfetto;

import java.io.IOException;
import java.io.OutputStream;

/**
 * Writes the packets of a trace of track events; numbers are those of Perfetto's
 * protos/perfetto/trace (trace_packet.proto, track_event/*.proto).
 */
final class Packets {
  private static final int TRACE_PACKET = 1;
  private static final int TIMESTAMP = 8;
  private static final int SEQUENCE_ID = 10;
  private static final int TRACK_EVENT = 11;
  private static final int TRACK_DESCRIPTOR = 60;

  private static final int SLICE_BEGIN = 1;
  private static final int SLICE_END = 2;
  private static final int INSTANT = 3;
  private static final int COUNTER = 4;

  /** All packets are of one writer. */
  private static final int SEQUENCE = 1;

  /** Of what a counter counts. */
  enum Unit {
    COUNT(2),
    BYTES(3);

    private final int number;

    Unit(int number) {
      this.number = number;
    }
  }

  private final OutputStream out;
  private final Message event = new Message();
  private final Message packet = new Message();
  private final Message framed = new Message();
  private long tracks;
  private long written;

  Packets(OutputStream out) {
    this.out = out;
  }

  /** Describes a track and returns its id; a parent of 0 is none. */
  long track(long parent, String name) throws IOException {
    Message descriptor = descriptor(parent, name);
    write(packet.clear().message(TRACK_DESCRIPTOR, descriptor));
    return tracks;
  }

  long counter(long parent, String name, Unit unit) throws IOException {
    Message counter = new Message().number(3, unit.number);
    Message descriptor = descriptor(parent, name).message(8, counter);
    write(packet.clear().message(TRACK_DESCRIPTOR, descriptor));
    return tracks;
  }

  private Message descriptor(long parent, String name) {
    Message descriptor = new Message().number(1, ++tracks).text(2, name);
    return parent == 0 ? descriptor : descriptor.number(5, parent);
  }

  /** Begins an event to fill in; one of the methods below ends it. */
  Message event(long track) {
    return event.clear().number(11, track);
  }

  static void annotate(Message event, String name, String value) {
    event.message(4, new Message().text(10, name).text(6, value));
  }

  static void annotate(Message event, String name, long value) {
    event.message(4, new Message().text(10, name).number(4, value));
  }

  /** Shown in hexadecimal. */
  static void annotateAddress(Message event, String name, long value) {
    event.message(4, new Message().text(10, name).number(7, value));
  }

  static void name(Message event, String category, String name) {
    event.text(22, category).text(23, name);
  }

  /** Draws an arrow between the events of that id, in the order of time. */
  static void flow(Message event, long id) {
    event.fixed(47, id);
  }

  void begin(Message event, long timestampNs) throws IOException {
    end(event, SLICE_BEGIN, timestampNs);
  }

  void end(Message event, long timestampNs) throws IOException {
    end(event, SLICE_END, timestampNs);
  }

  void instant(Message event, long timestampNs) throws IOException {
    end(event, INSTANT, timestampNs);
  }

  void count(long track, long timestampNs, long value) throws IOException {
    end(event(track).number(30, value), COUNTER, timestampNs);
  }

  private void end(Message event, int type, long timestampNs) throws IOException {
    event.number(9, type);
    write(packet.clear().number(TIMESTAMP, timestampNs).message(TRACK_EVENT, event));
  }

  private void write(Message of) throws IOException {
    of.number(SEQUENCE_ID, SEQUENCE);
    framed.clear().message(TRACE_PACKET, of);
    out.write(framed.bytes(), 0, framed.size());
    written++;
  }

  /** Packets so far. */
  long written() {
    return written;
  }
}
