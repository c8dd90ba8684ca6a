package io.dmascope.producer.ingest.tracedat;

/** Decompresses one block after the other; not for several threads. */
interface Decompressor extends AutoCloseable {
  /**
   * Decompresses {@code fromSize} bytes into the first {@code toSize} of {@code to}.
   *
   * @return the size of the result, or -1 where the input is damaged or would not fit
   */
  long decompress(byte[] from, int fromSize, byte[] to, int toSize);

  @Override
  void close();
}
