package io.dmascope.producer.synthetic.machine;

/**
 * A device that lends its memory to others.
 *
 * @param name {@code dev_name()}
 * @param barAddr where its memory begins, as the CPU sees it
 * @param sizeBytes of the window; behind it lies a page that is nobody's
 * @param busOffset what is added to a physical address to get the one on the bus
 */
public record Peer(
    Machine machine, String name, Place place, long barAddr, long sizeBytes, long busOffset) {

  /** First address behind the window. */
  public long endAddr() {
    return barAddr + sizeBytes;
  }

  /** {@code pci_bus_address()} of a byte in the window. */
  public long busAddr(long physAddr) {
    return physAddr + busOffset;
  }

  /** True where the device stands in a group that it can be seen to leave. */
  public boolean isInGroup() {
    return machine.groupOf(name).isPresent();
  }

  /** The device is pulled out. Returns the sequence of the event that tells of it. */
  public long pullOut(Context at) {
    return machine.leave(at, name);
  }
}
