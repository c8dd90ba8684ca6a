package io.dmascope.model.dmabuf;

/** Where an importer stands. */
public enum AttachmentState {
  DETACHED,
  ATTACHED,
  /** Attached, and the buffer held in place. */
  PINNED,
  /** Mapped; the exporter may still move the buffer, and says so first. */
  MAPPED,
  /** Mapped, and the buffer held in place. */
  PINNED_MAPPED,
  /** Mapped to where the buffer was: to be unmapped in bounded time, no more writes. */
  STALE,
  /** Pinned, mapped and taken away for good. */
  REVOKED,
  /** Taken away for good, and unmapped: every further map fails. */
  DEAD
}
