package io.dmascope.producer.ingest.dmesg;

import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * An error that the kernel itself found: a message of dma-debug, or a warning of the DMA or IOMMU
 * code. It is evidence to compare our findings with, never an event.
 *
 * @param place 1-based line of the log
 * @param stampNs of the log's clock
 * @param check nothing for a plain warning, and for a message this version does not know
 * @param driver empty for a plain warning
 * @param device {@code dev_name()}; empty for a plain warning
 * @param sentence the message without device and details; empty for a plain warning
 * @param details what stands in brackets, e.g. {@code device address} → {@code 0x00000000ffffe000}
 * @param site of the warning, e.g. {@code kernel/dma/debug.c:977}; empty where none was printed
 */
public record KernelVerdict(
    long place,
    OptionalLong stampNs,
    Optional<DmaDebugCheck> check,
    String driver,
    String device,
    String sentence,
    Map<String, String> details,
    String site) {

  public KernelVerdict {
    details = Map.copyOf(details);
  }

  /** The address that the message names, unsigned. */
  public OptionalLong dmaAddr() {
    String address = details.getOrDefault("device address", "");
    boolean hex = address.matches("0x[0-9a-f]{1,16}");
    return hex
        ? OptionalLong.of(Long.parseUnsignedLong(address.substring(2), 16))
        : OptionalLong.empty();
  }

  /** The size of the call that was wrong: {@code size}, or {@code unmap size}. */
  public OptionalLong sizeBytes() {
    String size = details.getOrDefault("unmap size", details.getOrDefault("size", ""));
    boolean number = size.matches("\\d{1,18} bytes");
    return number
        ? OptionalLong.of(Long.parseLong(size.substring(0, size.indexOf(' '))))
        : OptionalLong.empty();
  }
}
