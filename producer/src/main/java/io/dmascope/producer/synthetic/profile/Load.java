package io.dmascope.producer.synthetic.profile;

/**
 * How hard a device is driven.
 *
 * @param queueDepth requests under way at once, for each queue
 * @param latencyNs mean time from a request's start to its end
 */
public record Load(int queueDepth, long latencyNs) {
  public Load {
    if (queueDepth < 1 || latencyNs < 1) {
      throw new IllegalArgumentException(
          "queue depth and latency are positive [depth=%d] [latency_ns=%d]"
              .formatted(queueDepth, latencyNs));
    }
  }
}
