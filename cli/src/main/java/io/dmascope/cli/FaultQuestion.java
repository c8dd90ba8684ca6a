package io.dmascope.cli;

import io.dmascope.model.event.CaptureFacts;
import io.dmascope.model.event.IoPageFault;
import java.math.BigDecimal;
import java.util.Optional;
import java.util.OptionalLong;
import picocli.CommandLine.Option;

/**
 * What somebody wants to know about faults.
 *
 * @param device as the kernel names it, or its end: {@code 00:0c.0} is {@code 0000:00:0c.0}; empty
 *     for every device
 * @param address the address; empty for every fault
 * @param time seconds of the trace clock; empty for the end of the recording
 * @param access what the device did, where that is known
 */
record FaultQuestion(
    String device, OptionalLong address, Optional<BigDecimal> time, AccessAsked access) {
  private static final int NS_DIGITS = 9;

  enum AccessAsked {
    read,
    write,
    unknown
  }

  /** The options that make a question. */
  static final class Options {
    @Option(
        names = {"-d", "--device"},
        paramLabel = "DEVICE",
        defaultValue = "",
        description = "Only this device: 0000:00:0c.0, or 00:0c.0 as the kernel log has it.")
    private String device;

    @Option(
        names = {"-a", "--address"},
        paramLabel = "ADDRESS",
        description = "The DMA address, hexadecimal, with or without 0x. Needs --device.")
    private String address;

    @Option(
        names = {"-t", "--time"},
        paramLabel = "SECONDS",
        description =
            "The moment, as the trace stamps it. Default: the end of the recording; faults at that"
                + " address are explained at their own time in any case.")
    private BigDecimal time;

    @Option(
        names = "--access",
        paramLabel = "WHAT",
        defaultValue = "unknown",
        description = "read or write, where you know what the device did. Default: unknown.")
    private AccessAsked access;

    FaultQuestion question() {
      if (address != null && device.isEmpty()) {
        throw new CommandException("--address needs --device: each device has its own addresses");
      }
      if (address == null && time != null) {
        throw new CommandException("--time needs --address");
      }
      return new FaultQuestion(
          device,
          address == null ? OptionalLong.empty() : OptionalLong.of(hexadecimal(address)),
          Optional.ofNullable(time),
          access);
    }

    private static long hexadecimal(String text) {
      try {
        return Long.parseUnsignedLong(text.replaceFirst("^0[xX]", ""), 16);
      } catch (NumberFormatException e) {
        throw new CommandException(
            "--address %s is no hexadecimal number of at most 64 bits".formatted(text), e);
      }
    }
  }

  /** True where the question is about an address, whether or not the recording has its fault. */
  boolean byHand() {
    return address.isPresent();
  }

  boolean asksAbout(IoPageFault fault) {
    return isDevice(fault.device())
        && (address.isEmpty() || page(fault.iova()) == page(address.getAsLong()));
  }

  boolean isDevice(String name) {
    return device.isEmpty() || name.equals(device) || name.endsWith(":" + device);
  }

  /** The moment in the clock of that capture; empty for its end. */
  OptionalLong timestampNs(CaptureFacts facts) {
    if (time.isEmpty()) {
      return OptionalLong.empty();
    }
    try {
      return OptionalLong.of(
          time.get().movePointRight(facts.clockCountsTime() ? NS_DIGITS : 0).longValueExact());
    } catch (ArithmeticException e) {
      throw new CommandException(
          "--time %s is not a stamp of this recording's clock".formatted(time.get()), e);
    }
  }

  String nothingFound() {
    return "no IOMMU fault"
        + (device.isEmpty() ? "" : " of " + device)
        + " in the recording or in a kernel log beside it (--dmesg FILE names one;"
        + " --device D --address A asks about an address)";
  }

  private static long page(long addr) {
    return addr >>> 12;
  }
}
