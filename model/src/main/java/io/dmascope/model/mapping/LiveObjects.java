package io.dmascope.model.mapping;

/**
 * Live single mappings and scatterlists under one kind of name: the slot of a single mapping, or
 * the complement of a scatterlist's slot.
 */
record LiveObjects(RangeRecords records, ListStore lists) {
  /** Receives the names of live objects. */
  interface Visitor {
    void visit(int name, long lastSequence);
  }

  /** Shows every live object of the device, streaming mappings or the others. */
  void visit(int device, boolean streaming, Visitor visitor) {
    for (int slot = 0; slot < records.used(); slot++) {
      if (!records.isFree(slot)
          && records.live(slot)
          && records.device(slot) == device
          && !records.isEntry(slot)
          && LiveBounds.isStreaming(records.kind(slot)) == streaming) {
        visitor.visit(slot, records.lastSequence(slot));
      }
    }
    if (streaming) {
      return;
    }
    lists.forEach(
        list -> {
          if (list.live() && list.device().id() == device) {
            visitor.visit(~list.slot, list.lastSequence());
          }
        });
  }

  /** Sequence of the event that mapped the live object last, or -1 where it is gone. */
  long lastSequence(int name) {
    if (name < 0) {
      MappedList list = lists.at(~name);
      return list != null && list.live() ? list.lastMapped().sequence() : -1;
    }
    return !records.isFree(name) && records.live(name) && !records.isEntry(name)
        ? records.lastSequence(name)
        : -1;
  }
}
