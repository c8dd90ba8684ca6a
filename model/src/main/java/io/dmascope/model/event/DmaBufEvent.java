package io.dmascope.model.event;

/**
 * One of the {@code dma_buf:*} tracepoints (7.x kernels).
 *
 * @param inode names the buffer within one boot
 * @param fd for {@code FD} and {@code GET}, else {@link EventHeader#UNKNOWN}
 * @param attachment pointer of the attachment for {@code ATTACH} and {@code DETACH}, else 0
 * @param dynamic whether the importer is dynamic, for {@code ATTACH} and {@code DETACH}
 * @param device the importing device for {@code ATTACH} and {@code DETACH}, else empty
 */
public record DmaBufEvent(
    EventHeader header,
    Kind kind,
    String exporter,
    long sizeBytes,
    long inode,
    int fd,
    long attachment,
    boolean dynamic,
    String device)
    implements TraceEvent {

  /** Which tracepoint; a put is traced for every reference dropped, not only for the last. */
  public enum Kind {
    EXPORT("dma_buf_export"),
    MMAP_INTERNAL("dma_buf_mmap_internal"),
    MMAP("dma_buf_mmap"),
    PUT("dma_buf_put"),
    FD("dma_buf_fd"),
    GET("dma_buf_get"),
    ATTACH("dma_buf_dynamic_attach"),
    DETACH("dma_buf_detach");

    private final String tracepoint;

    Kind(String tracepoint) {
      this.tracepoint = tracepoint;
    }

    /** The event name that tracefs prints. */
    public String tracepoint() {
      return tracepoint;
    }
  }
}
