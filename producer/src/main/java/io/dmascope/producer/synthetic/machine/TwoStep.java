package io.dmascope.producer.synthetic.machine;

import io.dmascope.model.backend.IovaTransaction;
import io.dmascope.model.backend.PageTableRun;
import io.dmascope.model.event.DmaDirection;
import io.dmascope.model.event.ProbeEvent.IovaCall;
import io.dmascope.model.event.ProbeEvent.IovaCall.Step;
import io.dmascope.model.scatterlist.PhysList;
import java.util.Optional;

/**
 * {@code dma_iova_*}: addresses first, memory linked to them piece by piece. Stock tracepoints tell
 * of page tables only; a recorder of probes sees the calls.
 */
public final class TwoStep {
  /** Where {@code struct dma_iova_state} of one request after the other lies. */
  private static final long STATES = 0xffff_8881_3000_0000L;

  private static final long STATE_BYTES = 0x40;

  private final DmaDevice device;
  private final Translation translation;
  private final Machine machine;
  private final Recorder recorder;
  private long transactions;

  TwoStep(DmaDevice device, Translation translation) {
    this.device = device;
    this.translation = translation;
    this.machine = device.machine();
    this.recorder = machine.recorder();
  }

  Optional<LinkedRange> link(Context at, PhysList list, long attrs) {
    if (!device.translated()) {
      return Optional.empty();
    }
    Optional<IovaTransaction> transaction =
        IovaTransaction.tryAllocate(
            translation.iommu(), list.physAddr(0), list.totalBytes(), machine.moment(at));
    return transaction.map(made -> linkAll(at, made, list, attrs));
  }

  private LinkedRange linkAll(Context at, IovaTransaction made, PhysList list, long attrs) {
    long state = STATES + device.ordinal() * 0x100_0000L + STATE_BYTES * transactions++;
    long begunAt = recorder.nextSequence();
    LinkedRange range = new LinkedRange(device, made, state, list.totalBytes(), begunAt);
    call(at, range, Step.TRY_ALLOC, 0, list.totalBytes());
    long offset = 0;
    for (int i = 0; i < list.size(); i++) {
      if (made.link(list.physAddr(i), offset, list.length(i), attrs).isPresent()) {
        throw new IllegalStateException(
            "pieces do not tile [device=%s] [list=%s]".formatted(device.name(), list));
      }
      translation.traceMap(at, made.links().getLast());
      call(at, range, Step.LINK, offset, list.length(i));
      offset += list.length(i);
    }
    made.sync();
    call(at, range, Step.SYNC, 0, offset);
    return range;
  }

  void destroy(Context at, LinkedRange range) {
    PageTableRun first = range.transaction().links().getFirst();
    PageTableRun last = range.transaction().links().getLast();
    translation.remove(at, first.iova(), last.iova() + last.sizeBytes() - first.iova());
    call(at, range, Step.DESTROY, 0, range.sizeBytes());
    range.transaction().destroy(machine.moment(at));
  }

  /** Emits the event of a call alone; returns its sequence, which nobody has without probes. */
  public long call(Context at, LinkedRange range, Step step, long offset, long sizeBytes) {
    if (!machine.probes()) {
      return recorder.nextSequence();
    }
    return recorder.emit(
        new IovaCall(
            recorder.header(at),
            device.name(),
            step,
            range.state(),
            range.transaction().dmaAddr(),
            0,
            offset,
            sizeBytes,
            DmaDirection.UNKNOWN,
            0,
            0));
  }
}
