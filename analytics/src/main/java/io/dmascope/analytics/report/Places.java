package io.dmascope.analytics.report;

import io.dmascope.model.event.CaptureFacts;
import io.dmascope.model.event.IoPageFault;
import io.dmascope.model.finding.EventRef;

/** How a place in a capture is written: {@code trace.txt:812}, or {@code trace.dat+0x3f0}. */
public final class Places {
  private Places() {}

  /** True where {@code place} counts lines; else it is a byte offset. */
  public static boolean isLine(CaptureFacts facts) {
    return !facts.format().startsWith("trace.dat");
  }

  public static String fileName(CaptureFacts facts) {
    return facts.file().equals("-") ? "<stdin>" : facts.file();
  }

  /** The place where it is clear which file is meant: {@code 812}, {@code 0x3f0}. */
  public static String inFile(CaptureFacts facts, long place) {
    if (place < 0) {
      return "probe:" + -place;
    }
    return isLine(facts) ? Long.toString(place) : "0x" + Long.toHexString(place);
  }

  /** True where the event stands in the kernel log beside the capture, not in the capture. */
  public static boolean isInKernelLog(EventRef at) {
    return at.pid() < 0 && at.comm().equals(IoPageFault.KERNEL_LOG);
  }

  /** True where the event stands in the probe recording beside the capture; see EventHeader. */
  public static boolean isInProbes(EventRef at) {
    return at.place() < 0;
  }

  /** True where the event stands in a file beside the capture. */
  public static boolean isBeside(EventRef at) {
    return isInKernelLog(at) || isInProbes(at);
  }

  /**
   * The file beside the capture where the event stands, {@code dmesg} or {@code probe}; empty where
   * it stands in the capture itself.
   */
  public static String companion(EventRef at) {
    return isInProbes(at) ? "probe" : isInKernelLog(at) ? "dmesg" : "";
  }

  /** The line or byte offset in whichever file the event stands; never negative. */
  public static long number(EventRef at) {
    return Math.abs(at.place());
  }

  public static String toText(CaptureFacts facts, EventRef at) {
    if (isInKernelLog(at)) {
      return "kernel log:" + at.place();
    }
    if (isInProbes(at)) {
      return "probe recording:" + -at.place();
    }
    return fileName(facts) + (isLine(facts) ? ":" : "+") + inFile(facts, at.place());
  }
}
