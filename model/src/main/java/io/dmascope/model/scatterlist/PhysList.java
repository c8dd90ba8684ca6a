package io.dmascope.model.scatterlist;

import io.dmascope.model.p2p.P2pMapType;
import java.util.Arrays;

/**
 * The input side of a mapping: ranges of physical memory, each ordinary memory or a peer device's.
 * It is what {@code struct phys_vec} arrays hold since 7.x and what the CPU half of a scatterlist
 * tells.
 *
 * <p>Lengths are unsigned 32-bit values, as {@code scatterlist.length} is.
 */
public final class PhysList {
  private long[] physAddrs = new long[8];
  private long[] lengths = new long[8];
  private long[] busAddrs = new long[8];
  private P2pMapType[] mapTypes = new P2pMapType[8];
  private int size;

  /** Appends ordinary memory. */
  public PhysList add(long physAddr, long lengthBytes) {
    return add(physAddr, lengthBytes, P2pMapType.NONE, 0);
  }

  /**
   * Appends a range with its path.
   *
   * @param busAddr the address on the PCI bus; used where {@code mapType} is {@code BUS_ADDR}
   */
  public PhysList add(long physAddr, long lengthBytes, P2pMapType mapType, long busAddr) {
    if (lengthBytes < 0 || lengthBytes > 0xffffffffL) {
      throw new IllegalArgumentException(
          "length is no 32-bit value [length=0x%x]".formatted(lengthBytes));
    }
    if (size == physAddrs.length) {
      int capacity = 2 * size;
      physAddrs = Arrays.copyOf(physAddrs, capacity);
      lengths = Arrays.copyOf(lengths, capacity);
      busAddrs = Arrays.copyOf(busAddrs, capacity);
      mapTypes = Arrays.copyOf(mapTypes, capacity);
    }
    physAddrs[size] = physAddr;
    lengths[size] = lengthBytes;
    busAddrs[size] = busAddr;
    mapTypes[size++] = mapType;
    return this;
  }

  public int size() {
    return size;
  }

  public long physAddr(int index) {
    return physAddrs[index];
  }

  /** Bytes of the entry, 0 to 2^32 - 1. */
  public long length(int index) {
    return lengths[index];
  }

  public long busAddr(int index) {
    return busAddrs[index];
  }

  public P2pMapType mapType(int index) {
    return mapTypes[index];
  }

  /** True where the entry keeps its PCI bus address and takes no IOVA space. */
  public boolean isBusAddress(int index) {
    return mapTypes[index] == P2pMapType.BUS_ADDR;
  }

  /** Bytes of all entries together. */
  public long totalBytes() {
    long total = 0;
    for (int i = 0; i < size; i++) {
      total += lengths[i];
    }
    return total;
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < size; i++) {
      text.append(i == 0 ? "" : ", ").append("%x+%x".formatted(physAddrs[i], lengths[i]));
    }
    return text.toString();
  }
}
