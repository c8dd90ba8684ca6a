package io.dmascope.tables;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Base64;
import org.HdrHistogram.Histogram;

/** Many values as an HdrHistogram of two digits: each is kept to within 1 %. */
public final class Spread {
  private static final int DIGITS = 2;

  private final Histogram histogram = new Histogram(DIGITS);
  private long sum;

  void add(long value) {
    long counted = Math.max(0, value); // clocks apart make a lifetime negative
    histogram.recordValue(counted);
    sum += counted;
  }

  void add(Spread other) {
    histogram.add(other.histogram);
    sum += other.sum;
  }

  public long count() {
    return histogram.getTotalCount();
  }

  /** The sum of the values themselves. */
  public long sum() {
    return sum;
  }

  public long max() {
    return histogram.getMaxValue();
  }

  /** The value below or at which so many percent lie, to within 1 %; 0 where there is none. */
  public long percentile(double percent) {
    return count() == 0 ? 0 : Math.min(max(), histogram.getValueAtPercentile(percent));
  }

  /** HdrHistogram's encoding V2, not compressed, in Base64: two of them can be added. */
  String encoded() {
    ByteBuffer buffer = ByteBuffer.allocate(histogram.getNeededByteBufferCapacity());
    int length = histogram.encodeIntoByteBuffer(buffer);
    return Base64.getEncoder().encodeToString(Arrays.copyOf(buffer.array(), length));
  }
}
