package io.dmascope.producer.synthetic.machine;

/**
 * Who runs: what the prefix of a trace line tells.
 *
 * @param cpu 0-based
 * @param pid 0 for the idle task, which interrupts often find
 * @param comm at most 15 bytes, as the kernel keeps it
 */
public record Context(int cpu, int pid, String comm) {

  /** An interrupt on an idle CPU. */
  public static Context idle(int cpu) {
    return new Context(cpu, 0, "<idle>");
  }

  /** The same task on another CPU. */
  public Context on(int otherCpu) {
    return otherCpu == cpu ? this : new Context(otherCpu, pid, comm);
  }
}
