package io.dmascope.producer.synthetic.profile;

import io.dmascope.producer.synthetic.machine.Chance;
import java.util.List;

/** How large requests are, in place of what the profile would draw: each size by its weight. */
public final class RequestSizes {
  /**
   * One of the sizes.
   *
   * @param bytes positive; a driver asks for no more at once than its hardware takes
   * @param weight positive; how often, as a share of the sum of all weights
   */
  public record Share(long bytes, int weight) {
    public Share {
      if (bytes < 1 || weight < 1) {
        throw new IllegalArgumentException(
            "sizes and weights are positive [bytes=%d] [weight=%d]".formatted(bytes, weight));
      }
    }
  }

  private final List<Share> shares;
  private final int weights;

  public RequestSizes(List<Share> shares) {
    long sum = shares.stream().mapToLong(Share::weight).sum();
    if (shares.isEmpty() || sum > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          "no sizes, or weights beyond 2^31 [sum=%d]".formatted(sum));
    }
    this.shares = List.copyOf(shares);
    this.weights = (int) sum;
  }

  long draw(Chance chance) {
    int at = chance.below(weights);
    for (Share share : shares) {
      at -= share.weight();
      if (at < 0) {
        return share.bytes();
      }
    }
    throw new IllegalStateException("weights do not add up [sum=%d]".formatted(weights));
  }
}
