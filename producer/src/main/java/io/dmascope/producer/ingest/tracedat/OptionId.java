package io.dmascope.producer.ingest.tracedat;

/** Numbers of the options of a trace.dat that are read here (trace-cmd.dat.v7(5)). */
final class OptionId {
  static final int DONE = 0;
  static final int DATE = 1;
  static final int BUFFER = 3;
  static final int TRACECLOCK = 4;
  static final int UNAME = 5;
  static final int OFFSET = 7;
  static final int CPUCOUNT = 8;
  static final int TSC2NSEC = 14;
  static final int HEADER_INFO = 16;
  static final int FTRACE_EVENTS = 17;
  static final int EVENT_FORMATS = 18;
  static final int CMDLINES = 21;
  static final int BUFFER_TEXT = 22;

  private OptionId() {}
}
