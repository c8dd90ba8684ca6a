package io.dmascope.analytics;

import java.util.OptionalLong;

/**
 * Since when Kafka has not answered.
 *
 * @param hasKafka false where the aggregates are fed in process, and there is nobody to answer
 * @param sinceNs by the clock of {@link System#nanoTime}; empty while Kafka answers
 */
record KafkaSilence(boolean hasKafka, OptionalLong sinceNs) {
  static final KafkaSilence NO_KAFKA = new KafkaSilence(false, OptionalLong.empty());

  static final KafkaSilence NONE = new KafkaSilence(true, OptionalLong.empty());

  KafkaSilence silent(long nowNs) {
    return sinceNs.isPresent() ? this : new KafkaSilence(true, OptionalLong.of(nowNs));
  }

  /** How long it has been silent; 0 while it answers, empty without Kafka. */
  OptionalLong durationNs(long nowNs) {
    return hasKafka ? OptionalLong.of(nowNs - sinceNs.orElse(nowNs)) : OptionalLong.empty();
  }
}
