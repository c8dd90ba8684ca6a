package io.dmascope.producer.ingest.tracedat;

/** Numbers of the options of a trace.dat that are read or written here (trace-cmd.dat.v7(5)). */
public final class OptionId {
  public static final int DONE = 0;
  public static final int DATE = 1;
  public static final int CPUSTAT = 2;
  public static final int BUFFER = 3;
  public static final int TRACECLOCK = 4;
  public static final int UNAME = 5;
  public static final int OFFSET = 7;
  public static final int CPUCOUNT = 8;
  public static final int VERSION = 9;
  public static final int TSC2NSEC = 14;
  public static final int HEADER_INFO = 16;
  public static final int FTRACE_EVENTS = 17;
  public static final int EVENT_FORMATS = 18;
  public static final int KALLSYMS = 19;
  public static final int CMDLINES = 21;
  public static final int BUFFER_TEXT = 22;

  private OptionId() {}
}
