package io.dmascope.model.dmabuf;

/** What is done to an attachment, with the kernel's functions. */
public enum AttachmentOp {
  /** {@code dma_buf_attach}, {@code dma_buf_dynamic_attach}. */
  ATTACH(false),
  /** {@code dma_buf_pin}: the buffer must not move. */
  PIN(true),
  /** {@code dma_buf_unpin}. */
  UNPIN(true),
  /** {@code dma_buf_map_attachment}. */
  MAP(true),
  /** {@code dma_buf_unmap_attachment}. */
  UNMAP(true),
  /** {@code dma_buf_invalidate_mappings}, {@code dma_buf_move_notify} before 7.x. */
  INVALIDATE(true),
  /** {@code dma_buf_detach}. */
  DETACH(false);

  private final boolean underLock;

  AttachmentOp(boolean underLock) {
    this.underLock = underLock;
  }

  /** True where the caller holds the reservation lock, false where it must not. */
  public boolean isUnderReservationLock() {
    return underLock;
  }
}
