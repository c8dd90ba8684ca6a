package io.dmascope.producer.ingest.tracedat;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/* hot path */
/**
 * Reads numbers out of an array in the byte order of a file.
 *
 * <p>A VarHandle is only as fast as a load where it is a constant, so there is one for each order.
 */
final class BytesInOrder {
  private static final VarHandle U16_LE = of(short[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle U16_BE = of(short[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle U32_LE = of(int[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle U32_BE = of(int[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle U64_LE = of(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle U64_BE = of(long[].class, ByteOrder.BIG_ENDIAN);

  private final boolean bigEndian;

  BytesInOrder(ByteOrder order) {
    this.bigEndian = order == ByteOrder.BIG_ENDIAN;
  }

  boolean bigEndian() {
    return bigEndian;
  }

  int u16(byte[] bytes, int at) {
    return (bigEndian ? (short) U16_BE.get(bytes, at) : (short) U16_LE.get(bytes, at)) & 0xffff;
  }

  /** Reads 32 bits, signed as they may be. */
  int u32(byte[] bytes, int at) {
    return bigEndian ? (int) U32_BE.get(bytes, at) : (int) U32_LE.get(bytes, at);
  }

  long u64(byte[] bytes, int at) {
    return bigEndian ? (long) U64_BE.get(bytes, at) : (long) U64_LE.get(bytes, at);
  }

  private static VarHandle of(Class<?> arrayType, ByteOrder order) {
    return MethodHandles.byteArrayViewVarHandle(arrayType, order);
  }
}
