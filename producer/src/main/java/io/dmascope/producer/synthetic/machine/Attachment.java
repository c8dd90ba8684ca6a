package io.dmascope.producer.synthetic.machine;

/**
 * A device that shares a dma-buf.
 *
 * @param exporter {@code exp_name}
 * @param inode names the buffer
 * @param attachment the pointer that names this sharing
 * @param dynamic whether the importer can be told that the buffer moves
 * @param peer2peer whether the importer takes memory of other devices
 * @param attachedAt sequence of the first event that told of it
 */
public record Attachment(
    DmaDevice importer,
    String exporter,
    long sizeBytes,
    long inode,
    long attachment,
    boolean dynamic,
    boolean peer2peer,
    long attachedAt) {

  /** The {@code sg_table} that a map returns; a buffer has one at a time. */
  public long table() {
    return attachment + TABLE_OFFSET;
  }

  private static final long TABLE_OFFSET = 0x100;
}
