package io.dmascope.model.rig;

import java.util.Objects;
import java.util.OptionalInt;

/**
 * The processor, for the rules that ask for it: peer-to-peer through the host bridge is allowed on
 * AMD families from 0x17 on ({@code drivers/pci/p2pdma.c cpu_supports_p2pdma()}), and cache line
 * sharing is judged by the line size.
 *
 * @param vendor e.g. {@code AuthenticAMD}; empty where unknown
 * @param family as {@code /proc/cpuinfo} prints it, decimal there
 * @param model likewise
 * @param onlineCount CPUs that were online
 * @param cacheLineBytes coherency line of the first-level cache
 */
public record RigCpu(
    String vendor,
    OptionalInt family,
    OptionalInt model,
    OptionalInt onlineCount,
    OptionalInt cacheLineBytes) {

  public RigCpu {
    Objects.requireNonNull(vendor, "vendor");
    Objects.requireNonNull(family, "family");
    Objects.requireNonNull(model, "model");
    Objects.requireNonNull(onlineCount, "onlineCount");
    Objects.requireNonNull(cacheLineBytes, "cacheLineBytes");
  }
}
