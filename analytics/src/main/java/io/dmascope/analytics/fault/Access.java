package io.dmascope.analytics.fault;

import io.dmascope.model.event.IoPageFault;

/** What a device tried. */
enum Access {
  READ("read"),
  WRITE("wrote to"),
  UNKNOWN("used");

  private final String verb;

  Access(String verb) {
    this.verb = verb;
  }

  static Access of(IoPageFault fault) {
    return !fault.accessKnown() ? UNKNOWN : fault.write() ? WRITE : READ;
  }

  /** In the past tense, with an address to follow. */
  String verb() {
    return verb;
  }
}
