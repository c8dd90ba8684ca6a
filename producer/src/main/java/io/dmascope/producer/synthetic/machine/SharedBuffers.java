package io.dmascope.producer.synthetic.machine;

import io.dmascope.model.event.DmaBufEvent;
import io.dmascope.model.event.DmaBufEvent.Kind;
import io.dmascope.model.event.DmaDirection;
import io.dmascope.model.event.EventHeader;
import io.dmascope.model.event.ProbeEvent.AttachmentCall;
import io.dmascope.model.event.ProbeEvent.AttachmentCall.Op;
import io.dmascope.model.event.ProbeEvent.AttachmentCall.ResvLock;
import io.dmascope.model.event.ProbeEvent.BufferAccess;

/**
 * The dma-bufs that one device imports. Stock tracepoints tell of attach and detach, from 7.x on; a
 * recorder of probes sees every call.
 */
public final class SharedBuffers {
  private final DmaDevice device;
  private final Recorder recorder;

  SharedBuffers(DmaDevice device) {
    this.device = device;
    this.recorder = device.machine().recorder();
  }

  /** {@code dma_buf_dynamic_attach()}. */
  public Attachment attach(Context at, Attachment wanted) {
    long attachedAt = recorder.nextSequence();
    Attachment attachment =
        new Attachment(
            device,
            wanted.exporter(),
            wanted.sizeBytes(),
            wanted.inode(),
            wanted.attachment(),
            wanted.dynamic(),
            wanted.peer2peer(),
            attachedAt);
    trace(at, Kind.ATTACH, attachment);
    call(at, attachment, Op.ATTACH, ResvLock.FREE);
    return attachment;
  }

  /** {@code dma_buf_detach()}. Returns the sequence of the event that a checker goes by. */
  public long detach(Context at, Attachment attachment) {
    long sequence = recorder.nextSequence();
    trace(at, Kind.DETACH, attachment);
    call(at, attachment, Op.DETACH, ResvLock.FREE);
    return sequence;
  }

  /** {@code dma_buf_map_attachment()}, under the reservation lock. Returns the event's sequence. */
  public long map(Context at, Attachment attachment, DmaDirection direction) {
    return call(at, attachment, Op.MAP, ResvLock.CALLER, direction);
  }

  /** {@code dma_buf_unmap_attachment()}, likewise. */
  public long unmap(Context at, Attachment attachment, DmaDirection direction) {
    return call(at, attachment, Op.UNMAP, ResvLock.CALLER, direction);
  }

  /** A call without a direction. Returns the event's sequence. */
  public long call(Context at, Attachment attachment, Op op, ResvLock resv) {
    return call(at, attachment, op, resv, DmaDirection.NONE);
  }

  /** A call of whatever kind. Returns the event's sequence, which nobody has without probes. */
  public long call(
      Context at, Attachment attachment, Op op, ResvLock resv, DmaDirection direction) {
    if (!device.machine().probes()) {
      return recorder.nextSequence();
    }
    boolean ofTable = op == Op.MAP || op == Op.UNMAP;
    return recorder.emit(
        new AttachmentCall(
            recorder.header(at),
            device.name(),
            op,
            attachment.inode(),
            attachment.attachment(),
            attachment.exporter(),
            attachment.dynamic(),
            attachment.peer2peer(),
            resv,
            direction,
            ofTable ? attachment.table() : 0,
            0));
  }

  /**
   * Somebody touches the buffer. Returns the event's sequence.
   *
   * @param byCpu whether the CPU does, which no device is named for
   */
  public long access(
      Context at,
      Attachment attachment,
      BufferAccess.Kind kind,
      DmaDirection direction,
      boolean byCpu) {
    if (!device.machine().probes()) {
      return recorder.nextSequence();
    }
    return recorder.emit(
        new BufferAccess(
            recorder.header(at),
            byCpu ? "" : device.name(),
            kind,
            attachment.inode(),
            byCpu ? 0 : attachment.attachment(),
            direction));
  }

  private void trace(Context at, Kind kind, Attachment attachment) {
    if (!device.machine().generation().tracesDmaBuf()) {
      return;
    }
    recorder.emit(
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
