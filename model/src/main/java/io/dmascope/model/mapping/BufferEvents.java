package io.dmascope.model.mapping;

import io.dmascope.model.event.ProbeEvent.AttachmentCall;
import io.dmascope.model.event.ProbeEvent.BufferAccess;

/** What a recorder saw done to shared buffers; joins each call with its attachment. */
final class BufferEvents extends ReplayStep {
  BufferEvents(ReplayContext context) {
    super(context);
  }

  /** Does the call, and tells the transition why the contract forbids it. */
  void apply(AttachmentCall call) {
    t.direction = call.direction();
    SharedBuffers buffers = state.probes().buffers();
    if (call.op() == AttachmentCall.Op.INVALIDATE && call.attachment() == 0) {
      buffers.all(call.inode()).forEach(buffer -> buffer.apply(call));
      return;
    }
    if (call.error() != 0) {
      t.imported = buffers.at(call.inode(), call.attachment());
      return;
    }
    ImportedBuffer buffer = buffers.of(call);
    t.imported = buffer;
    if (call.op() == AttachmentCall.Op.UNMAP) {
      t.mappedHere = buffer.mapped(call.table());
      t.otherMap = t.mappedHere == null ? buffer.mapped() : null;
    }
    if (call.op() == AttachmentCall.Op.MAP) {
      buffers.mapped(call);
    }
    t.detachedBefore = buffer.detached();
    t.refusal = buffer.apply(call).orElse(null);
  }

  /** Notes an access, and tells the transition what it has to be held to. */
  void apply(BufferAccess access) {
    t.direction = access.direction();
    SharedBuffers buffers = state.probes().buffers();
    t.imported = buffers.at(access.inode(), access.attachment());
    switch (access.kind()) {
      case BEGIN_CPU -> buffers.bracket(access.inode()).begin(access.direction());
      case END_CPU -> buffers.bracket(access.inode()).end(access.direction(), access.header());
      case CPU -> t.bracket = buffers.bracket(access.inode());
      case FENCES_RETIRED ->
          buffers.all(access.inode()).forEach(buffer -> buffer.fencesRetired(access.header()));
      case PAGE, DEVICE -> {}
    }
  }
}
