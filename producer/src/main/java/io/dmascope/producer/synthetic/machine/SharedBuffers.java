package io.dmascope.producer.synthetic.machine;

import io.dmascope.model.event.DmaBufEvent;
import io.dmascope.model.event.DmaBufEvent.Kind;
import io.dmascope.model.event.EventHeader;

/** The dma-bufs that one device imports. */
public final class SharedBuffers {
  private final DmaDevice device;
  private final Recorder recorder;

  SharedBuffers(DmaDevice device) {
    this.device = device;
    this.recorder = device.machine().recorder();
  }

  Attachment attach(
      Context at, String exporter, long sizeBytes, long inode, long pointer, boolean dynamic) {
    long attachedAt = recorder.nextSequence();
    Attachment attachment =
        new Attachment(device, exporter, sizeBytes, inode, pointer, dynamic, attachedAt);
    trace(at, Kind.ATTACH, attachment);
    return attachment;
  }

  /** Emits the event of a detach alone; returns its sequence. */
  public long traceDetach(Context at, Attachment attachment) {
    return trace(at, Kind.DETACH, attachment);
  }

  private long trace(Context at, Kind kind, Attachment attachment) {
    return recorder.emit(
        new DmaBufEvent(
            recorder.header(at),
            kind,
            attachment.exporter(),
            attachment.sizeBytes(),
            attachment.inode(),
            EventHeader.UNKNOWN,
            attachment.attachment(),
            attachment.dynamic(),
            device.name()));
  }
}
