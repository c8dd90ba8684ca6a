package io.dmascope.producer.synthetic.machine;

/**
 * A device that shares a dma-buf.
 *
 * @param exporter {@code exp_name}
 * @param inode names the buffer
 * @param attachment the pointer that names this sharing
 * @param attachedAt sequence of the event that told of it
 */
public record Attachment(
    DmaDevice importer,
    String exporter,
    long sizeBytes,
    long inode,
    long attachment,
    boolean dynamic,
    long attachedAt) {}
