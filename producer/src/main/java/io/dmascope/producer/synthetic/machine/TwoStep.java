package io.dmascope.producer.synthetic.machine;

import io.dmascope.model.backend.IovaTransaction;
import io.dmascope.model.backend.PageTableRun;
import io.dmascope.model.scatterlist.PhysList;
import java.util.Optional;

/** {@code dma_iova_*}: addresses first, memory linked to them piece by piece. */
final class TwoStep {
  private final DmaDevice device;
  private final Translation translation;
  private final Machine machine;

  TwoStep(DmaDevice device, Translation translation) {
    this.device = device;
    this.translation = translation;
    this.machine = device.machine();
  }

  Optional<IovaTransaction> link(Context at, PhysList list, long attrs) {
    if (!device.translated()) {
      return Optional.empty();
    }
    Optional<IovaTransaction> transaction =
        IovaTransaction.tryAllocate(
            translation.iommu(), list.physAddr(0), list.totalBytes(), machine.moment(at));
    transaction.ifPresent(made -> linkAll(at, made, list, attrs));
    return transaction;
  }

  private void linkAll(Context at, IovaTransaction made, PhysList list, long attrs) {
    long offset = 0;
    for (int i = 0; i < list.size(); i++) {
      if (made.link(list.physAddr(i), offset, list.length(i), attrs).isPresent()) {
        throw new IllegalStateException(
            "pieces do not tile [device=%s] [list=%s]".formatted(device.name(), list));
      }
      offset += list.length(i);
    }
    made.sync();
    made.links().forEach(run -> translation.traceMap(at, run));
  }

  void destroy(Context at, IovaTransaction transaction) {
    PageTableRun first = transaction.links().getFirst();
    PageTableRun last = transaction.links().getLast();
    translation.remove(at, first.iova(), last.iova() + last.sizeBytes() - first.iova());
    transaction.destroy(machine.moment(at));
  }
}
