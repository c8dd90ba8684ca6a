package io.dmascope.producer.ingest.tracedat;

/**
 * From a record's stamp to {@code timestampNs}: cycles of a counter become nanoseconds where the
 * file tells how ({@code TSC2NSEC}), and an offset that the recorder was asked to add ({@code
 * OFFSET}, {@code DATE}) is added. The synchronisation of a guest with its host ({@code
 * TIME_SHIFT}) is not applied: a capture keeps the one clock that its events were stamped by.
 *
 * @param multiplier 0 for stamps that are nanoseconds already
 */
record TimeConversion(long multiplier, int shift, long offsetNs) {
  static final TimeConversion NONE = new TimeConversion(0, 0, 0);

  /** Converts as mul_u64_u32_shr() does: (stamp * multiplier) >> shift, then the offset. */
  long timestampNs(long stamp) {
    long ns = stamp;
    if (multiplier != 0) {
      long high = Math.unsignedMultiplyHigh(stamp, multiplier);
      long low = stamp * multiplier;
      ns = shift == 0 ? low : (high << (64 - shift)) | (low >>> shift);
    }
    return ns + offsetNs;
  }
}
