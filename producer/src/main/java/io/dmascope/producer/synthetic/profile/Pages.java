package io.dmascope.producer.synthetic.profile;

import io.dmascope.model.scatterlist.PhysList;
import io.dmascope.producer.synthetic.machine.Memory;

/** Memory that a driver was handed as a list, and gives back as one. */
final class Pages {
  private Pages() {}

  /** Single pages, the last one short where {@code sizeBytes} is no multiple of the page. */
  static PhysList scattered(Memory memory, long sizeBytes) {
    PhysList list = new PhysList();
    for (long left = sizeBytes; left > 0; left -= Memory.PAGE_SIZE) {
      list.add(memory.page(), Math.min(left, Memory.PAGE_SIZE));
    }
    return list;
  }

  /** Blocks of one order. */
  static PhysList blocks(Memory memory, int order, int count) {
    PhysList list = new PhysList();
    for (int i = 0; i < count; i++) {
      list.add(memory.block(order), (long) Memory.PAGE_SIZE << order);
    }
    return list;
  }

  static void free(Memory memory, PhysList list) {
    for (int i = 0; i < list.size(); i++) {
      memory.free(list.physAddr(i) & -Memory.PAGE_SIZE, Memory.order(list.length(i)));
    }
  }
}
