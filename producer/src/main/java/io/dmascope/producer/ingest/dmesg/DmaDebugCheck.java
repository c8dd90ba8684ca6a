package io.dmascope.producer.ingest.dmesg;

import java.util.Arrays;
import java.util.Optional;

/**
 * An error that dma-debug reports ({@code kernel/dma/debug.c}), recognised by how its sentence
 * begins. {@code D15} cannot be printed: its condition is excluded by the lookup before it.
 */
public enum DmaDebugCheck {
  D1("device driver tries to free an invalid DMA memory address"),
  D2("device driver tries to free DMA memory it has not allocated"),
  D3("device driver frees DMA memory with different size"),
  D4("device driver frees DMA memory with wrong function"),
  D5("device driver frees DMA memory with different CPU address"),
  D6("device driver frees DMA sg list with different entry count"),
  D7("device driver frees DMA memory with different direction"),
  D8("device driver failed to check map error"),
  D9("device driver frees DMA memory with different attributes"),
  D10("device driver maps memory from stack"),
  D11("device driver maps memory from kernel text or rodata"),
  D12("device driver maps memory from "),
  D13("dma_map_resource called for RAM address"),
  D14("device driver tries to sync DMA memory it has not allocated"),
  D15("device driver syncs DMA memory outside allocated range"),
  D16("device driver syncs DMA memory with different direction"),
  D17("device driver syncs device read-only DMA memory for cpu"),
  D18("device driver syncs device write-only DMA memory to device"),
  D19("device driver syncs DMA sg list with different entry count"),
  D20("mapping sg segment longer than device claims to support"),
  D21("mapping sg segment across boundary"),
  D22("device driver has pending DMA allocations while released from device"),
  D23("cacheline tracking EEXIST, overlapping mappings aren't supported"),
  D24("exceeded ");

  private final String beginning;

  DmaDebugCheck(String beginning) {
    this.beginning = beginning;
  }

  /** How the sentence begins, without the device. */
  public String beginning() {
    return beginning;
  }

  /** The first, and so most special, check whose sentence begins like that. */
  static Optional<DmaDebugCheck> of(String sentence) {
    return Arrays.stream(values())
        .filter(check -> sentence.startsWith(check.beginning))
        .findFirst();
  }
}
