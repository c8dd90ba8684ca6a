package io.dmascope.producer.synthetic.fault;

import io.dmascope.model.event.DmaDirection;
import io.dmascope.model.event.ProbeEvent.AttachmentCall.Op;
import io.dmascope.model.event.ProbeEvent.AttachmentCall.ResvLock;
import io.dmascope.model.event.ProbeEvent.BufferAccess.Kind;
import io.dmascope.model.event.ProbeEvent.SgTable;
import io.dmascope.model.event.U64List;
import io.dmascope.model.scatterlist.Scatterlist;
import io.dmascope.producer.synthetic.fault.Fault.Detached;
import io.dmascope.producer.synthetic.machine.Attachment;
import io.dmascope.producer.synthetic.machine.Context;
import io.dmascope.producer.synthetic.machine.Peer;
import io.dmascope.producer.synthetic.machine.SharedBuffers;
import java.util.List;
import java.util.function.Predicate;

/** What importers and exporters of dma-bufs get wrong (Documentation/driver-api/dma-buf.rst). */
final class BufferFaults {
  /** Far from the attachments of honest importers. */
  private static final long OTHER_IMPORTER = 0x10_0000L;

  private static final long END = 2;

  static final List<Fault<?>> ALL =
      List.of(
          Fault.afterDetach(
              "BUF-001", "detached twice", BufferFaults::isTraced, BufferFaults::detachedTwice),
          Fault.afterDetach(
              "BUF-002",
              "mapped after the detach",
              detached -> detached.attachment().importer().machine().probes(),
              BufferFaults::mappedDetached),
          probed("BUF-002", "detached while mapped", BufferFaults::detachedMapped),
          probed("BUF-004", "the importer read the pages", BufferFaults::touchedPage),
          probed("BUF-006", "the device wrote to where it was", BufferFaults::wroteMoved),
          probed("BUF-007", "mapped without the reservation lock", BufferFaults::mappedUnlocked),
          probed("BUF-007", "pinned under another's lock", BufferFaults::pinnedUnlocked),
          Fault.afterImport(
              "BUF-008",
              "a peer's memory for an importer that takes none",
              attachment -> isWatched(attachment) && !peers(attachment).isEmpty(),
              BufferFaults::withoutConsent),
          probed("BUF-009", "read by the CPU out of its bracket", BufferFaults::outOfBracket),
          probed("BUF-009", "written in a bracket for reads", BufferFaults::otherBracket),
          probed("BUF-010", "unpinned without a pin", BufferFaults::unpinned),
          probed("BUF-010", "unmapped the other way", BufferFaults::unmappedOtherWay));

  private BufferFaults() {}

  private static Fault<Attachment> probed(String ruleId, String what, Fault.Deed<Attachment> deed) {
    Predicate<Attachment> watched = BufferFaults::isWatched;
    return Fault.afterImport(ruleId, what, watched, deed);
  }

  private static boolean isWatched(Attachment attachment) {
    return attachment.importer().machine().probes();
  }

  private static boolean isTraced(Detached detached) {
    Attachment attachment = detached.attachment();
    return isWatched(attachment) || attachment.importer().machine().generation().tracesDmaBuf();
  }

  private static List<Peer> peers(Attachment attachment) {
    return attachment.importer().machine().peers();
  }

  private static Object detachedTwice(Context at, Detached detached, TruthLog log) {
    Attachment attachment = detached.attachment();
    long second = buffers(attachment).detach(at, attachment);
    certain(log, second, attachment, attachment.attachedAt(), detached.detachedAt());
    return null;
  }

  private static Object mappedDetached(Context at, Detached detached, TruthLog log) {
    Attachment attachment = detached.attachment();
    long mapped = buffers(attachment).map(at, attachment, DmaDirection.BIDIRECTIONAL);
    certain(log, mapped, attachment, attachment.attachedAt(), detached.detachedAt());
    return null;
  }

  private static Object detachedMapped(Context at, Attachment attachment, TruthLog log) {
    SharedBuffers buffers = buffers(attachment);
    Attachment other = other(at, attachment, true);
    long mapped = buffers.map(at, other, DmaDirection.TO_DEVICE);
    buffers.detach(at, other);
    // Stock tracepoints see nothing wrong with it: the call, which comes last, is what tells.
    long detached = attachment.importer().machine().recorder().nextSequence() - 1;
    certain(log, detached, other, other.attachedAt(), mapped);
    return null;
  }

  /** Another importer of the same buffer, whose faults are its own. */
  private static Attachment other(Context at, Attachment attachment, boolean peer2peer) {
    return buffers(attachment)
        .attach(
            at,
            new Attachment(
                attachment.importer(),
                attachment.exporter(),
                attachment.sizeBytes(),
                attachment.inode(),
                attachment.attachment()
                    + OTHER_IMPORTER
                    + 0x200 * attachment.importer().machine().recorder().nextSequence(),
                true,
                peer2peer,
                0));
  }

  private static Object touchedPage(Context at, Attachment attachment, TruthLog log) {
    long touched =
        buffers(attachment).access(at, attachment, Kind.PAGE, DmaDirection.FROM_DEVICE, false);
    certain(log, touched, attachment);
    return null;
  }

  private static Object wroteMoved(Context at, Attachment attachment, TruthLog log) {
    SharedBuffers buffers = buffers(attachment);
    Attachment other = other(at, attachment, true);
    long mapped = buffers.map(at, other, DmaDirection.BIDIRECTIONAL);
    long moved = buffers.call(at, other, Op.INVALIDATE, ResvLock.CALLER);
    long retired = buffers.access(at, other, Kind.FENCES_RETIRED, DmaDirection.NONE, true);
    long wrote = buffers.access(at, other, Kind.DEVICE, DmaDirection.FROM_DEVICE, false);
    certain(log, wrote, other, other.attachedAt(), mapped, moved, retired);
    buffers.unmap(at, other, DmaDirection.BIDIRECTIONAL);
    buffers.detach(at, other);
    return null;
  }

  private static Object mappedUnlocked(Context at, Attachment attachment, TruthLog log) {
    SharedBuffers buffers = buffers(attachment);
    long mapped = buffers.call(at, attachment, Op.MAP, ResvLock.FREE, DmaDirection.BIDIRECTIONAL);
    certain(log, mapped, attachment);
    buffers.unmap(at, attachment, DmaDirection.BIDIRECTIONAL);
    return null;
  }

  private static Object pinnedUnlocked(Context at, Attachment attachment, TruthLog log) {
    SharedBuffers buffers = buffers(attachment);
    long pinned = buffers.call(at, attachment, Op.PIN, ResvLock.ANOTHER);
    certain(log, pinned, attachment);
    buffers.call(at, attachment, Op.UNPIN, ResvLock.CALLER);
    return null;
  }

  private static Object withoutConsent(Context at, Attachment attachment, TruthLog log) {
    SharedBuffers buffers = buffers(attachment);
    Peer provider = peers(attachment).getFirst();
    Attachment other = other(at, attachment, false);
    buffers.map(at, other, DmaDirection.BIDIRECTIONAL);
    long bytes = attachment.sizeBytes();
    long sequence =
        attachment
            .importer()
            .machine()
            .recorder()
            .emit(
                at,
                header ->
                    new SgTable(
                        header,
                        attachment.importer().name(),
                        SgTable.Stage.IMPORTED,
                        other.table(),
                        1,
                        1,
                        false,
                        U64List.of(provider.barAddr() | END),
                        U64List.of(0),
                        U64List.of(bytes),
                        U64List.of(provider.busAddr(provider.barAddr())),
                        U64List.of(bytes),
                        U64List.of(Scatterlist.DMA_BUS_ADDRESS)));
    certain(log, sequence, other, other.attachedAt(), sequence - 1);
    buffers.unmap(at, other, DmaDirection.BIDIRECTIONAL);
    buffers.detach(at, other);
    return null;
  }

  private static Object outOfBracket(Context at, Attachment attachment, TruthLog log) {
    SharedBuffers buffers = buffers(attachment);
    DmaDirection reads = DmaDirection.FROM_DEVICE;
    buffers.access(at, attachment, Kind.BEGIN_CPU, reads, true);
    buffers.access(at, attachment, Kind.CPU, reads, true);
    long ended = buffers.access(at, attachment, Kind.END_CPU, reads, true);
    long read = buffers.access(at, attachment, Kind.CPU, reads, true);
    certain(log, read, attachment, ended);
    return null;
  }

  private static Object otherBracket(Context at, Attachment attachment, TruthLog log) {
    SharedBuffers buffers = buffers(attachment);
    DmaDirection reads = DmaDirection.FROM_DEVICE;
    long began = buffers.access(at, attachment, Kind.BEGIN_CPU, reads, true);
    long wrote = buffers.access(at, attachment, Kind.CPU, DmaDirection.TO_DEVICE, true);
    certain(log, wrote, attachment, began);
    buffers.access(at, attachment, Kind.END_CPU, reads, true);
    return null;
  }

  private static Object unpinned(Context at, Attachment attachment, TruthLog log) {
    long unpinned = buffers(attachment).call(at, attachment, Op.UNPIN, ResvLock.CALLER);
    certain(log, unpinned, attachment, attachment.attachedAt());
    return null;
  }

  private static Object unmappedOtherWay(Context at, Attachment attachment, TruthLog log) {
    SharedBuffers buffers = buffers(attachment);
    Attachment other = other(at, attachment, true);
    long mapped = buffers.map(at, other, DmaDirection.TO_DEVICE);
    long unmapped = buffers.unmap(at, other, DmaDirection.FROM_DEVICE);
    certain(log, unmapped, other, other.attachedAt(), mapped);
    buffers.detach(at, other);
    return null;
  }

  private static SharedBuffers buffers(Attachment attachment) {
    return attachment.importer().buffers();
  }

  private static void certain(
      TruthLog log, long sequence, Attachment attachment, Long... witnesses) {
    log.certain(sequence, attachment.importer().name(), 0, 0, witnesses);
  }
}
