package io.dmascope.model.rule;

import io.dmascope.model.event.ProbeEvent.SgTable;
import io.dmascope.model.mapping.Addresses;
import io.dmascope.model.scatterlist.Scatterlist;

/** A recorded sg_table by its entries, with the phrases of the rules that look at one. */
final class RecordedTable {
  private static final long FLAGS = Scatterlist.CHAIN | Scatterlist.END;

  private final SgTable table;
  private final int[] entries;

  RecordedTable(SgTable table) {
    this.table = table;
    this.entries = table.entries();
  }

  /** Entries that were recorded, links not counted. */
  int size() {
    return entries.length;
  }

  /** Recorded entries that hold an address: the first {@code nents}, up to one without a length. */
  int mapped() {
    int count = 0;
    while (count < Math.min(table.nents(), size()) && dmaLength(count) != 0) {
      count++;
    }
    return count;
  }

  /** Entries that a walk over the memory's side passes; of a table without memory, the others. */
  int walked() {
    return table.origNents() == 0 ? table.nents() : table.origNents();
  }

  boolean hasPage(int entry) {
    return (table.pageLinks().at(entries[entry]) & ~FLAGS) != 0;
  }

  boolean isEnd(int entry) {
    return (table.pageLinks().at(entries[entry]) & Scatterlist.END) != 0;
  }

  long offset(int entry) {
    return table.offsets().at(entries[entry]);
  }

  long length(int entry) {
    return table.lengths().at(entries[entry]);
  }

  long dmaAddr(int entry) {
    return table.dmaAddrs().at(entries[entry]);
  }

  long dmaLength(int entry) {
    return table.dmaLengths().at(entries[entry]);
  }

  boolean isBusAddress(int entry) {
    return (table.dmaFlags().at(entries[entry]) & Scatterlist.DMA_BUS_ADDRESS) != 0;
  }

  /** {@code [table=0x…] [stage=MAPPED] [nents=4] [orig_nents=8]}. */
  String facts() {
    return "[table=%s] [stage=%s] [nents=%d] [orig_nents=%d]"
        .formatted(Addresses.hex(table.table()), table.stage(), table.nents(), table.origNents());
  }

  /** {@code [entry=3] [dma_addr=0x…] [dma_len=4096]}. */
  String facts(int entry) {
    return "[entry=%d] [dma_addr=%s] [dma_len=%s]"
        .formatted(entry, Addresses.hex(dmaAddr(entry)), Long.toUnsignedString(dmaLength(entry)));
  }
}
