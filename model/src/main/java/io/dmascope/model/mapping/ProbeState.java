package io.dmascope.model.mapping;

/**
 * What is remembered for probe events. Empty, and not asked, where a capture has none.
 *
 * <p>Each part is bounded: what it drops for want of room is never reported.
 */
final class ProbeState {
  private final UncheckedMappings unchecked = new UncheckedMappings();
  private final SgTables tables = new SgTables();

  UncheckedMappings unchecked() {
    return unchecked;
  }

  SgTables tables() {
    return tables;
  }

  void save(StateWriter out) {
    unchecked.save(out);
    tables.save(out);
  }

  void restore(StateReader in) {
    unchecked.restore(in);
    tables.restore(in);
  }
}
