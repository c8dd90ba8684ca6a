package io.dmascope.model.rule;

import io.dmascope.model.event.ProbeEvent.AttachmentCall;
import io.dmascope.model.event.ProbeEvent.BufferAccess;
import io.dmascope.model.mapping.Addresses;

/** The phrases of the rules about shared buffers. */
final class Buffers {
  private Buffers() {}

  /** {@code [exp_name=drm] [ino=17] [attachment=0x…]}. */
  static String facts(AttachmentCall call) {
    return "[exp_name=%s] [ino=%s] [attachment=%s]"
        .formatted(
            call.exporter(), Long.toUnsignedString(call.inode()), Addresses.hex(call.attachment()));
  }

  /** {@code [ino=17] [attachment=0x…]}. */
  static String facts(BufferAccess access) {
    return "[ino=%s] [attachment=%s]"
        .formatted(Long.toUnsignedString(access.inode()), Addresses.hex(access.attachment()));
  }

  /** What the caller does, as a verb. */
  static String does(AttachmentCall call) {
    return switch (call.op()) {
      case ATTACH -> "attaches";
      case DETACH -> "detaches";
      case PIN -> "pins";
      case UNPIN -> "unpins";
      case MAP -> "maps";
      case UNMAP -> "unmaps";
      case INVALIDATE -> "invalidates";
    };
  }
}
