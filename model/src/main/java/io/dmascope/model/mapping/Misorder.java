package io.dmascope.model.mapping;

import io.dmascope.model.finding.Doubt;

/**
 * An event that was found wrong, and one of another CPU soon after that would explain it if it had
 * come first.
 *
 * @param wrongAt sequence of the event that was found wrong
 * @param explainedAt sequence of the event that explains it
 * @param device the explained device
 * @param firstAddr first byte that both are about; with {@code lastAddr} what else may be wrong
 * @param lastAddr last byte
 * @param apartNs how far their clocks are apart at least, if the explanation is right
 */
public record Misorder(
    long wrongAt,
    long explainedAt,
    String device,
    long firstAddr,
    long lastAddr,
    int cpu,
    int otherCpu,
    long apartNs) {

  public Doubt doubt() {
    return Doubt.clocksApart(cpu, otherCpu, apartNs);
  }

  /** True where the address lies among the bytes. */
  public boolean concerns(long addr) {
    return Long.compareUnsigned(firstAddr, addr) <= 0 && Long.compareUnsigned(addr, lastAddr) <= 0;
  }

  Misorder explainedLaterBy(long sequence) {
    return new Misorder(wrongAt, sequence, device, firstAddr, lastAddr, cpu, otherCpu, apartNs);
  }

  void save(StateWriter out) {
    out.u(wrongAt)
        .u(explainedAt)
        .text(device)
        .u(firstAddr)
        .u(lastAddr)
        .s(cpu)
        .s(otherCpu)
        .u(apartNs);
  }

  static Misorder restore(StateReader in) {
    return new Misorder(
        in.u(), in.u(), in.text(), in.u(), in.u(), (int) in.s(), (int) in.s(), in.u());
  }
}
