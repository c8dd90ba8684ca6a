package io.dmascope.model.mapping;

import io.dmascope.model.dmabuf.Attachment;
import io.dmascope.model.dmabuf.AttachmentOp;
import io.dmascope.model.dmabuf.AttachmentState;
import io.dmascope.model.dmabuf.Refusal;
import io.dmascope.model.event.DmaDirection;
import io.dmascope.model.event.EventHeader;
import io.dmascope.model.event.ProbeEvent.AttachmentCall;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A buffer as one importer has it: the attachment, what it maps, whether the buffer has moved away
 * under it.
 */
public final class ImportedBuffer {
  /** Maps remembered of one attachment; the oldest goes first. */
  private static final int MAPS_MAX = 64;

  private static final AttachmentState[] STATES = AttachmentState.values();
  private static final DmaDirection[] DIRECTIONS = DmaDirection.values();

  /** A table that the exporter returned and that was not given back yet. */
  private record MapCall(long table, EventHeader header) {}

  private final String device;
  private final String exporter;
  private final boolean dynamic;
  private final boolean peer2peer;
  private final boolean attachSeen;
  private final EventHeader attached;
  private final List<MapCall> maps = new ArrayList<>();
  private Attachment contract;
  private EventHeader detached;
  private EventHeader invalidated;
  private EventHeader fencesRetired;

  private ImportedBuffer(
      String device,
      String exporter,
      boolean dynamic,
      boolean peer2peer,
      boolean attachSeen,
      EventHeader attached) {
    this.device = device;
    this.exporter = exporter;
    this.dynamic = dynamic;
    this.peer2peer = peer2peer;
    this.attachSeen = attachSeen;
    this.attached = attached;
    this.contract = resumed(AttachmentState.ATTACHED, 0, 0, Optional.empty());
  }

  /** The buffer of an attachment that is seen for the first time, by this call. */
  static ImportedBuffer of(AttachmentCall call) {
    return new ImportedBuffer(
        call.device(),
        call.exporter(),
        call.dynamic(),
        call.peer2peer(),
        call.op() == AttachmentCall.Op.ATTACH,
        call.header());
  }

  public String device() {
    return device;
  }

  public String exporter() {
    return exporter;
  }

  /** Whether the importer takes memory of other devices. */
  public boolean peer2peer() {
    return peer2peer;
  }

  /** True where the attachment was recorded from its beginning. */
  public boolean attachSeen() {
    return attachSeen;
  }

  /** Where it was attached, or first heard of. */
  public EventHeader attached() {
    return attached;
  }

  /** Where it was detached; null while it is attached. */
  public EventHeader detached() {
    return detached;
  }

  /** Where the buffer moved or was taken away while it was mapped; null where it was not. */
  public EventHeader invalidated() {
    return invalidated;
  }

  /** Where the fences that the invalidation waits for had retired; null before. */
  public EventHeader fencesRetired() {
    return fencesRetired;
  }

  /** Whether the importer's device may write to the buffer. */
  public boolean mayWrite() {
    return fencesRetired == null || contract.mayWrite();
  }

  /** Where that table was mapped, or null. */
  public EventHeader mapped(long table) {
    return maps.stream()
        .filter(map -> map.table == table)
        .map(MapCall::header)
        .reduce(null, (first, last) -> last);
  }

  /** Where the newest map that is left was made, or null. */
  public EventHeader mapped() {
    return maps.isEmpty() ? null : maps.getLast().header;
  }

  /**
   * Does what the kernel did; returns why the contract forbids it. Of an attachment whose beginning
   * is unknown, so are its counts.
   */
  Optional<Refusal> apply(AttachmentCall call) {
    AttachmentOp op = AttachmentOp.valueOf(call.op().name());
    Optional<Refusal> refused =
        switch (op) {
          case MAP -> contract.map(call.direction(), false);
          case UNMAP -> contract.unmap(call.direction());
          case ATTACH -> Optional.empty();
          case PIN, UNPIN, INVALIDATE, DETACH -> contract.apply(op, op.isUnderReservationLock());
        };
    refused.ifPresent(refusal -> doAnyway(refusal, call));
    note(op, call);
    return attachSeen || refused.equals(Optional.of(Refusal.STATIC_PIN))
        ? refused
        : Optional.empty();
  }

  private void doAnyway(Refusal refusal, AttachmentCall call) {
    switch (refusal) {
      case OTHER_DIRECTION -> contract.apply(AttachmentOp.UNMAP, true);
      case MOVED, TAKEN_AWAY ->
          contract =
              resumed(
                  contract.pins() > 0 ? AttachmentState.PINNED_MAPPED : AttachmentState.MAPPED,
                  contract.pins(),
                  contract.maps() + 1,
                  Optional.of(call.direction()));
      case DETACHED_WHILE_MAPPED, DETACHED_WHILE_PINNED ->
          contract = resumed(AttachmentState.DETACHED, 0, 0, Optional.empty());
      case NOT_ATTACHED,
          ATTACHED_TWICE,
          UNPINNED_TOO_OFTEN,
          UNMAPPED_TOO_OFTEN,
          LOCK_NOT_HELD,
          LOCK_HELD,
          STATIC_PIN,
          PEER_MEMORY -> {
        // The kernel does nothing that would change what is known of the attachment.
      }
    }
  }

  private void note(AttachmentOp op, AttachmentCall call) {
    switch (op) {
      case MAP -> {
        if (maps.size() == MAPS_MAX) {
          maps.removeFirst();
        }
        maps.add(new MapCall(call.table(), call.header()));
      }
      case UNMAP -> unmapped(call.table());
      case INVALIDATE -> {
        if (contract.maps() > 0 && !contract.mayWrite()) {
          invalidated = call.header();
          fencesRetired = null;
        }
      }
      case DETACH -> detached = call.header();
      case ATTACH, PIN, UNPIN -> {}
    }
    if (contract.mayWrite()) {
      invalidated = null;
      fencesRetired = null;
    }
  }

  private void unmapped(long table) {
    for (int i = maps.size() - 1; i >= 0; i--) {
      if (maps.get(i).table == table) {
        maps.remove(i);
        return;
      }
    }
  }

  void fencesRetired(EventHeader header) {
    if (invalidated != null && fencesRetired == null) {
      fencesRetired = header;
    }
  }

  private Attachment resumed(
      AttachmentState state, int pins, int mapCount, Optional<DmaDirection> direction) {
    return Attachment.resumed(dynamic, peer2peer, state, pins, mapCount, direction);
  }

  void save(StateWriter out) {
    out.text(device)
        .text(exporter)
        .flag(dynamic)
        .flag(peer2peer)
        .flag(attachSeen)
        .header(attached)
        .header(detached)
        .header(invalidated)
        .header(fencesRetired)
        .u(contract.state().ordinal())
        .u(contract.pins())
        .u(contract.maps())
        .u(contract.direction().map(Enum::ordinal).orElse(DIRECTIONS.length))
        .u(maps.size());
    maps.forEach(map -> out.u(map.table).header(map.header));
  }

  static ImportedBuffer restored(StateReader in) {
    ImportedBuffer buffer =
        new ImportedBuffer(in.text(), in.text(), in.flag(), in.flag(), in.flag(), in.header());
    buffer.detached = in.header();
    buffer.invalidated = in.header();
    buffer.fencesRetired = in.header();
    AttachmentState state = STATES[in.i()];
    int pins = in.i();
    int mapCount = in.i();
    int direction = in.i();
    buffer.contract =
        buffer.resumed(
            state,
            pins,
            mapCount,
            direction == DIRECTIONS.length ? Optional.empty() : Optional.of(DIRECTIONS[direction]));
    for (int n = in.i(); n > 0; n--) {
      buffer.maps.add(new MapCall(in.u(), in.header()));
    }
    return buffer;
  }
}
