package io.dmascope.model.mapping;

import io.dmascope.model.event.DmaDirection;
import io.dmascope.model.event.ProbeEvent;
import io.dmascope.model.event.ProbeShape;
import java.util.Locale;

/** What recorders beyond the stock tracepoints saw. */
final class ProbeEvents extends ReplayStep {
  /** The operation of each kind that rules look at, by the number of its shape; null for others. */
  private static final Op[] OPS =
      ProbeShape.all().stream().map(ProbeEvents::opOf).toArray(Op[]::new);

  private final BufferEvents buffers;

  ProbeEvents(ReplayContext context) {
    super(context);
    buffers = new BufferEvents(context);
  }

  Device apply(ProbeEvent event) {
    Device device = event.device().isEmpty() ? null : device(event.device());
    begin(opOf(event), event.header(), device, null, DmaDirection.UNKNOWN);
    t.probe = event;
    switch (event) {
      case ProbeEvent.DriverBinding binding -> binding(device, binding);
      case ProbeEvent.MappingErrorCheck check -> checked(device, check);
      case ProbeEvent.SgTable table -> sgTable(table);
      case ProbeEvent.AttachmentCall call -> buffers.apply(call);
      case ProbeEvent.BufferAccess access -> buffers.apply(access);
      case ProbeEvent.IovaCall call -> {
        t.begunAt = state.probes().iovas().begun(call);
        t.iovaFault = state.probes().iovas().apply(call, state.granule());
      }
      case ProbeEvent.SgRead read -> t.table = state.probes().tables().at(read.table());
      case ProbeEvent.Probes _,
          ProbeEvent.VirtualMap _,
          ProbeEvent.Bio _,
          ProbeEvent.BlockRequest _,
          ProbeEvent.PeerMap _,
          ProbeEvent.RdmaRegion _,
          ProbeEvent.PageArray _,
          ProbeEvent.NvmeCommand _ -> {}
    }
    if (t.op != null) {
      judge();
    }
    if (event instanceof ProbeEvent.SgTable table) {
      state.probes().tables().seen(table);
    }
    return device;
  }

  private void binding(Device device, ProbeEvent.DriverBinding binding) {
    if (device == null) {
      return;
    }
    if (binding.bound()) {
      device.leftBehindTold = false;
    } else {
      driverGone(device);
    }
  }

  private void checked(Device device, ProbeEvent.MappingErrorCheck check) {
    if (device != null) {
      state.probes().unchecked().checked(device, check.dmaAddr());
      if (state.order().asks()) {
        state.order().checked(device, check.dmaAddr(), check.header());
      }
    }
  }

  private void sgTable(ProbeEvent.SgTable table) {
    t.table = state.probes().tables().at(table.table());
    t.imported =
        table.stage() == ProbeEvent.SgTable.Stage.IMPORTED
            ? state.probes().buffers().ofTable(table.table())
            : null;
    t.nents = table.origNents();
    t.ents = table.nents();
  }

  private static Op opOf(ProbeEvent event) {
    return OPS[ProbeShape.of(event).index()];
  }

  private static Op opOf(ProbeShape shape) {
    String name = shape.name().toUpperCase(Locale.ROOT);
    for (Op op : Op.values()) {
      if (op.name().equals(name)) {
        return op;
      }
    }
    return null;
  }
}
