package io.dmascope.model.mapping;

/**
 * What is remembered for probe events. Empty, and not asked, where a capture has none.
 *
 * <p>Each part is bounded: what it drops for want of room is never reported.
 */
final class ProbeState {
  private final UncheckedMappings unchecked = new UncheckedMappings();
  private final SgTables tables = new SgTables();
  private final SharedBuffers buffers = new SharedBuffers();

  private final IovaTransactions iovas = new IovaTransactions();

  IovaTransactions iovas() {
    return iovas;
  }

  UncheckedMappings unchecked() {
    return unchecked;
  }

  SgTables tables() {
    return tables;
  }

  SharedBuffers buffers() {
    return buffers;
  }

  void save(StateWriter out) {
    unchecked.save(out);
    tables.save(out);
    buffers.save(out);
    iovas.save(out);
  }

  void restore(StateReader in) {
    unchecked.restore(in);
    tables.restore(in);
    buffers.restore(in);
    iovas.restore(in);
  }
}
