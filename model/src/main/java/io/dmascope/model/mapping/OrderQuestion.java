package io.dmascope.model.mapping;

import io.dmascope.model.event.EventHeader;

/** Whether an unmap was wrong, or only seen before its map. */
final class OrderQuestion {
  Misorder misorder;
  final int device;
  final CpuMoment early;
  final long openedNs;

  /** Where the mapping ended that may have been ended before; null while it lives. */
  CpuMoment end;

  OrderQuestion(Misorder misorder, int device, CpuMoment early, long openedNs) {
    this.misorder = misorder;
    this.device = device;
    this.early = early;
    this.openedNs = openedNs;
  }

  boolean mayGoOnWith(EventHeader map) {
    return early.mayFollow(map) || end.mayFollow(map);
  }

  boolean isAbout(MappedObject object) {
    if (object.device().id() != device) {
      return false;
    }
    for (int i = 0; i < object.rangeCount(); i++) {
      Range range = object.range(i);
      if (Long.compareUnsigned(range.addr(), misorder.lastAddr()) <= 0
          && Long.compareUnsigned(misorder.firstAddr(), range.lastAddr()) <= 0) {
        return true;
      }
    }
    return false;
  }

  void save(StateWriter out) {
    misorder.save(out);
    out.u(device).s(openedNs);
    CpuMoment.save(early, out);
    CpuMoment.save(end, out);
  }

  static OrderQuestion restore(StateReader in) {
    Misorder misorder = Misorder.restore(in);
    int device = in.i();
    long openedNs = in.s();
    OrderQuestion question = new OrderQuestion(misorder, device, CpuMoment.restore(in), openedNs);
    question.end = CpuMoment.restore(in);
    return question;
  }
}
