package io.dmascope.model.mapping;

import io.dmascope.model.event.EventHeader;

/** When a CPU's clock said what. */
record CpuMoment(int cpu, long timestampNs) {
  static CpuMoment of(EventHeader header) {
    return new CpuMoment(header.cpu(), header.timestampNs());
  }

  /** True where clocks may be so far apart that this moment was after the event. */
  boolean mayFollow(EventHeader later) {
    return cpu != later.cpu() && isClose(later.timestampNs());
  }

  boolean isClose(long laterNs) {
    return laterNs - timestampNs <= CpuOrder.APART_NS_MAX;
  }

  static void save(CpuMoment moment, StateWriter out) {
    out.flag(moment != null);
    if (moment != null) {
      out.s(moment.cpu).s(moment.timestampNs);
    }
  }

  static CpuMoment restore(StateReader in) {
    return in.flag() ? new CpuMoment((int) in.s(), in.s()) : null;
  }
}
