package io.dmascope.analytics;

import io.dmascope.analytics.ignore.Ignores;
import io.dmascope.model.event.CaptureFacts;
import io.dmascope.model.event.InputCounts;
import io.dmascope.model.finding.DeviceSummary;
import io.dmascope.model.finding.MappingLifecycle;
import io.dmascope.model.finding.ModelOutput;
import io.dmascope.model.finding.RuleCoverage;
import io.dmascope.model.finding.Violation;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Function;

/**
 * All aggregates of the captures seen so far: bounded by {@link AnalyticsLimits}, in event time,
 * and the same for the same records in the same order.
 *
 * <p>Fed either by {@link AnalyticsService} from the topics or in process through {@link #output};
 * read by {@link AnalyticsServer}. Any thread may call any method: one lock guards everything, held
 * for as long as one record or one scrape takes.
 */
public final class AnalyticsState {
  /** What was counted under {@code other} because a limit was reached. */
  enum Overflow {
    CAPTURE,
    DEVICE,
    FINDING,
    /** Neither named nor summed: one source too many behind {@code other}. */
    SOURCE
  }

  /** Names of topics come from our own configuration; this bounds a mistake there. */
  private static final int TOPICS_MAX = 32;

  /** Stands for what is not known, or not one thing: captures behind {@code other}. */
  private static final CaptureFacts NOTHING_KNOWN = new CaptureFacts("", "", "", "", "", false);

  private final AnalyticsLimits limits;
  private final Ignores ignores;
  private final CaptureTable captures;
  private final Map<Overflow, Long> overflows = new EnumMap<>(Overflow.class);
  private final Map<String, Long> consumedByTopic = new LinkedHashMap<>();
  private final Map<String, Long> quarantinedByTopic = new LinkedHashMap<>();
  private OptionalLong replayLagRecords = OptionalLong.empty();
  private KafkaSilence kafka = KafkaSilence.NO_KAFKA;
  private boolean caughtUp = true;

  public AnalyticsState() {
    this(AnalyticsLimits.DEFAULT);
  }

  /**
   * @param ignores which findings are known and not wanted: they are counted apart
   */
  public AnalyticsState(Ignores ignores) {
    this(AnalyticsLimits.DEFAULT, ignores);
  }

  public AnalyticsState(AnalyticsLimits limits) {
    this(limits, Ignores.none());
  }

  AnalyticsState(AnalyticsLimits limits, Ignores ignores) {
    this(limits, PageLimits.LIVE, ignores);
  }

  /**
   * @param pageLimits what is kept for the page alone
   */
  public AnalyticsState(AnalyticsLimits limits, PageLimits pageLimits, Ignores ignores) {
    this.limits = limits;
    this.ignores = ignores;
    this.captures = new CaptureTable(limits, pageLimits);
    for (Overflow overflow : Overflow.values()) {
      overflows.put(overflow, 0L);
    }
  }

  /** Returns the sink for what the model concludes of one capture. */
  public ModelOutput output(String captureId) {
    return new ModelOutput() {
      @Override
      public void violation(Violation violation) {
        AnalyticsState.this.violation(captureId, violation);
      }

      @Override
      public void lifecycle(MappingLifecycle lifecycle) {
        lifecycles(captureId, List.of(lifecycle));
      }

      @Override
      public void summary(DeviceSummary summary) {
        AnalyticsState.this.summary(captureId, summary);
      }

      @Override
      public void coverage(RuleCoverage coverage) {
        AnalyticsState.this.coverage(captureId, coverage);
      }
    };
  }

  /** What is known of a capture; the newest word counts. */
  public synchronized void capture(CaptureFacts facts) {
    CaptureAggregate capture = captureOf(facts.captureId());
    if (!captures.isOther(capture)) {
      capture.facts(facts);
    }
  }

  /** How the lines of a capture were accounted for so far; the newest word counts. */
  public synchronized void input(String captureId, InputCounts counts) {
    countUnless(captureOf(captureId).input(captureId, counts), Overflow.SOURCE);
  }

  /**
   * All events of a capture up to this one have been applied. Once a chunk or some milliseconds is
   * often enough; an earlier sequence than before changes nothing.
   */
  public synchronized void progress(String captureId, long sequence, long timestampNs) {
    Progress progress = Progress.at(sequence, timestampNs);
    countUnless(captureOf(captureId).progress(captureId, progress), Overflow.SOURCE);
  }

  public synchronized void violation(String captureId, Violation violation) {
    CaptureAggregate capture = captureOf(captureId);
    if (ignores.entryFor(violation, capture.facts().orElse(NOTHING_KNOWN)).isPresent()) {
      countUnless(capture.ignore(violation), Overflow.FINDING);
      return;
    }
    DeviceAggregate device = deviceOf(capture, violation.device());
    countUnless(capture.add(device, violation), Overflow.FINDING);
  }

  public synchronized void lifecycles(String captureId, List<MappingLifecycle> closed) {
    CaptureAggregate capture = captureOf(captureId);
    for (MappingLifecycle lifecycle : closed) {
      deviceOf(capture, lifecycle.device()).add(lifecycle);
      capture.page().lifecycle(lifecycle);
    }
  }

  /** How one device stands; also tells how far the capture has been replayed. */
  public synchronized void summary(String captureId, DeviceSummary summary) {
    CaptureAggregate capture = captureOf(captureId);
    String source =
        captures.isOther(capture) ? captureId + '/' + summary.device() : summary.device();
    countUnless(deviceOf(capture, summary.device()).add(source, summary), Overflow.SOURCE);
    Progress progress = Progress.at(summary.sequence(), summary.timestampNs());
    countUnless(capture.progress(captureId, progress), Overflow.SOURCE);
  }

  /** The capture has ended, and these rules could be held to it. */
  public synchronized void coverage(String captureId, RuleCoverage coverage) {
    CaptureAggregate capture = captureOf(captureId);
    if (!captures.isOther(capture)) {
      capture.coverage(coverage);
    }
  }

  /** The capture was replayed to its end. */
  public synchronized void ended(
      String captureId, long lastSequence, InputCounts counts, RuleCoverage coverage) {
    input(captureId, counts);
    coverage(captureId, coverage);
    countUnless(captureOf(captureId).ended(captureId, lastSequence), Overflow.SOURCE);
  }

  /**
   * Records of the one topic will be read, and records from the other may be undecodable; both are
   * shown with 0 until then, so that the first one is an increase.
   */
  public synchronized void expect(String readTopic, String quarantinedTopic) {
    consumedByTopic.putIfAbsent(readTopic, 0L);
    quarantinedByTopic.putIfAbsent(quarantinedTopic, 0L);
  }

  /** A record of this topic was read. */
  public synchronized void consumed(String topic) {
    increment(consumedByTopic, topic);
  }

  /** A record that came from this topic could not be decoded. */
  public synchronized void quarantined(String topic) {
    increment(quarantinedByTopic, topic);
  }

  /** Records of the events topic that the replay engine has not committed yet. */
  public synchronized void replayLag(long records) {
    replayLagRecords = OptionalLong.of(records);
  }

  /** Kafka did not answer: from now on, at the latest, the aggregates stand still. */
  public synchronized void kafkaSilent(long nowNs) {
    kafka = kafka.silent(nowNs);
  }

  /** Kafka answered. */
  public synchronized void kafkaAnswered() {
    kafka = KafkaSilence.NONE;
  }

  /**
   * Says whether the aggregates cover everything that was there at the start. Until then no metrics
   * are served: counters that run through history would look like a burst to Prometheus.
   */
  public synchronized void caughtUp(boolean value) {
    caughtUp = value;
  }

  public synchronized boolean caughtUp() {
    return caughtUp;
  }

  /** Runs a reader while nothing changes. It must copy what it needs and not block. */
  synchronized <T> T read(Function<AnalyticsState, T> reader) {
    return reader.apply(this);
  }

  /** Rises with whatever changes what a page shows. */
  long changes() {
    return captures.records() + quarantinedByTopic.size() + (caughtUp ? 1 : 0);
  }

  AnalyticsLimits limits() {
    return limits;
  }

  CaptureTable captures() {
    return captures;
  }

  Map<Overflow, Long> overflows() {
    return overflows;
  }

  Map<String, Long> consumedByTopic() {
    return consumedByTopic;
  }

  Map<String, Long> quarantinedByTopic() {
    return quarantinedByTopic;
  }

  OptionalLong replayLagRecords() {
    return replayLagRecords;
  }

  KafkaSilence kafka() {
    return kafka;
  }

  private CaptureAggregate captureOf(String captureId) {
    CaptureAggregate capture = captures.forRecord(captureId);
    countUnless(!captures.isOther(capture), Overflow.CAPTURE);
    return capture;
  }

  private DeviceAggregate deviceOf(CaptureAggregate capture, String name) {
    DeviceAggregate device = capture.device(name);
    countUnless(!device.label().equals(AnalyticsLimits.OTHER), Overflow.DEVICE);
    return device;
  }

  private void countUnless(boolean fits, Overflow overflow) {
    if (!fits) {
      overflows.merge(overflow, 1L, Long::sum);
    }
  }

  private static void increment(Map<String, Long> byTopic, String topic) {
    boolean fits = byTopic.containsKey(topic) || byTopic.size() < TOPICS_MAX;
    byTopic.merge(fits ? AnalyticsLimits.name(topic) : AnalyticsLimits.OTHER, 1L, Long::sum);
  }
}
