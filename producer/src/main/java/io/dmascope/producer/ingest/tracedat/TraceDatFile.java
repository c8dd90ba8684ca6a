package io.dmascope.producer.ingest.tracedat;

import io.dmascope.model.event.TraceIssue;
import io.dmascope.producer.ingest.UnusableInputException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.util.List;

/**
 * What the headers of a {@code trace.dat} say: how its bytes are to be read, the formats of the
 * events, and where each CPU's pages lie.
 *
 * <p>The layout of the file is described in trace-cmd's own {@code trace-cmd.dat.v6(5)} and {@code
 * trace-cmd.dat.v7(5)}.
 *
 * @param version 6 or 7
 * @param formats of the event systems that can become events here, {@code ftrace} among them
 * @param uname as {@code uname -a} of the traced machine; empty where not recorded
 * @param issues what was found damaged on the way
 */
record TraceDatFile(
    int version,
    ByteOrder byteOrder,
    int longSize,
    HeaderPage headerPage,
    List<SystemFormat> formats,
    SavedCmdlines cmdlines,
    String uname,
    TimeConversion time,
    List<BufferInstance> instances,
    List<TraceIssue> issues) {

  /** The kernel allows sub-buffers of up to 128 pages of up to 64 KiB. */
  static final int PAGE_BYTES_MAX = 8 << 20;

  static final int PAGE_BYTES_MIN = 512;

  /** CONFIG_NR_CPUS goes up to 8192. */
  static final int CPUS_MAX = 8192;

  static final int INSTANCES_MAX = 1024;

  private static final byte[] MAGIC = {0x17, 0x08, 0x44, 't', 'r', 'a', 'c', 'i', 'n', 'g'};
  private static final int VERSION_CHARS_MAX = 8;

  /** A format file with the event system that it belongs to, e.g. {@code dma}. */
  record SystemFormat(String system, FormatText format) {}

  /** True where the bytes begin as every trace.dat does. */
  static boolean isTraceDat(byte[] head, int size) {
    return size >= MAGIC.length
        && java.util.Arrays.equals(head, 0, MAGIC.length, MAGIC, 0, MAGIC.length);
  }

  /**
   * Reads the headers; damage is noted in {@link #issues()} and what is readable is kept.
   *
   * @throws UnusableInputException where the file is none, or none that can be read at all
   */
  static TraceDatFile open(MemorySegment file) throws UnusableInputException {
    ByteCursor start = new ByteCursor(file, 0, ByteOrder.nativeOrder());
    try {
      byte[] magic = start.bytes(MAGIC.length, MAGIC.length, "the magic value");
      if (!isTraceDat(magic, magic.length)) {
        throw new UnusableInputException("is no trace.dat: it does not begin with its magic value");
      }
      String version = start.nulTerminated(VERSION_CHARS_MAX, "the version");
      int endian = start.u8("the byte order");
      int longSize = start.u8("the size of a long");
      if (endian > 1 || (longSize != 4 && longSize != 8)) {
        throw new UnusableInputException(
            "is no trace.dat that can be read: its byte order or long size is not believable"
                + " [endian=%d] [long=%d]".formatted(endian, longSize));
      }
      ByteOrder order = endian == 0 ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN;
      ByteCursor cursor = new ByteCursor(file, 0, order);
      cursor.skip(start.position(), "the header");
      return switch (version) {
        case "6" -> new Version6Headers(cursor, order, longSize).read();
        case "7" -> new Version7Headers(file, cursor, order, longSize).read();
        default ->
            throw new UnusableInputException(
                "is a trace.dat of another version than 6 or 7 [version=%s]".formatted(version));
      };
    } catch (DamagedFileException tooShort) {
      throw new UnusableInputException("ends in the middle of its header", tooShort);
    }
  }
}
