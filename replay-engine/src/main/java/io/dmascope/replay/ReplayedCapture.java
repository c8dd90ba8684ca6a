package io.dmascope.replay;

import io.dmascope.model.dma.DmaModel;
import io.dmascope.model.event.CaptureEnd;
import io.dmascope.model.event.CaptureStart;
import io.dmascope.model.event.TraceEvent;
import io.dmascope.model.finding.DeviceSummary;
import io.dmascope.model.finding.MappingLifecycle;
import io.dmascope.model.finding.ModelOutput;
import io.dmascope.model.finding.RuleCoverage;
import io.dmascope.model.finding.Violation;
import io.dmascope.schemas.Topics;
import io.dmascope.schemas.codec.CaptureRecord;
import io.dmascope.schemas.codec.CaptureRecordCodec;
import io.dmascope.schemas.codec.DeviceSummaryCodec;
import io.dmascope.schemas.codec.MappingChunkEncoder;
import io.dmascope.schemas.codec.ViolationCodec;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.kafka.common.utils.Bytes;

/** One capture on its way through the model. Owned by the thread of its task. */
final class ReplayedCapture implements ModelOutput {
  /** Keeps a record of mappings far below the broker's limit; few chunks of events end so many. */
  private static final int MAPPINGS_PER_RECORD_MAX = 4096;

  private static final RuleCoverage NOTHING_CHECKED = new RuleCoverage(List.of(), List.of());

  private final String captureId;
  private final byte[] key;
  private final Outlet outlet;
  private final ReplayCounters counters;
  private final DmaModel model = new DmaModel();
  private final MappingChunkEncoder mappings;
  private final boolean publishMappings;
  private final Conclusions.Choice choice;

  /** Keys of this capture's pages in the changelog. */
  private final Set<Bytes> storedPages = new HashSet<>();

  /** Pages in the changelog that a rebuilt model has not written again. */
  private final Set<Bytes> obsoletePages = new HashSet<>();

  private RuleCoverage coverage = NOTHING_CHECKED;
  private Conclusions conclusions = Conclusions.ALL;
  private boolean muted;

  private boolean begun;
  private long firstTimestampNs;
  private long lastTimestampNs;
  private long violations;

  ReplayedCapture(
      String captureId,
      boolean publishMappings,
      Conclusions.Choice choice,
      Outlet outlet,
      ReplayCounters counters) {
    this.captureId = captureId;
    this.choice = choice;
    this.key = Topics.captureKey(captureId);
    this.publishMappings = publishMappings;
    this.outlet = outlet;
    this.counters = counters;
    this.mappings = new MappingChunkEncoder(captureId);
  }

  long lastSequence() {
    return model.lastSequence();
  }

  /** Brings a page back that the changelog holds. */
  void restore(PageKey page, byte[] image) {
    if (page.table() == PageKey.TALLY_TABLE) {
      restore(CaptureTally.of(image));
    } else {
      model.restore(page.table(), page.page(), image);
    }
    storedPages.add(page.toBytes());
  }

  private void restore(CaptureTally tally) {
    if (tally.begun()) {
      begin(tally.firstTimestampNs());
    }
    lastTimestampNs = tally.lastTimestampNs();
    violations = tally.violations();
  }

  void restored() {
    model.restored();
  }

  /**
   * The changelog holds a page of a form that is not read any more: the model is made from the
   * events again, see {@link #muted}, and the page is replaced or deleted.
   */
  void obsolete(PageKey page) {
    storedPages.add(page.toBytes());
    obsoletePages.add(page.toBytes());
  }

  /** Whether what the model concludes was said before and is not said again. */
  void muted(boolean value) {
    muted = value;
  }

  void apply(TraceEvent event) {
    if (event instanceof CaptureStart start) { // nobody recorded this one: it has no time
      model.apply(new CaptureStart(start.header(), choice.assume(start.facts())), this);
      return;
    }
    if (!begun) {
      begin(event.header().timestampNs());
    }
    lastTimestampNs = event.header().timestampNs();
    model.apply(event, this);
  }

  private void begin(long timestampNs) {
    begun = true;
    firstTimestampNs = timestampNs;
    conclusions = choice.of(captureId, timestampNs);
  }

  /** Sends on what was held back to travel together. */
  void flush() {
    if (mappings.mappingCount() > 0) {
      outlet.send(Outlet.MAPPINGS, key, mappings.finish());
    }
  }

  /** Says what came of the capture. */
  void end(CaptureEnd end) {
    outlet.send(
        Outlet.CAPTURES,
        Topics.captureResultKey(captureId),
        CaptureRecordCodec.encode(
            new CaptureRecord.Ended(captureId, end.input(), coverage, end.header().sequence())));
  }

  /** Writes the net change since the last call to the changelog. */
  void saveChanges(StateLog changelog) {
    model.saveChanges((table, page, image) -> save(changelog, table, page, image));
    save(
        changelog,
        PageKey.TALLY_TABLE,
        0,
        new CaptureTally(
                DmaModel.STATE_VERSION, begun, firstTimestampNs, lastTimestampNs, violations)
            .toBytes());
    for (Bytes pageKey : obsoletePages) {
      storedPages.remove(pageKey);
      changelog.put(pageKey, null);
      counters.changelogRecords.increment();
    }
    obsoletePages.clear();
  }

  private void save(StateLog changelog, int table, int page, byte[] image) {
    Bytes pageKey = new PageKey(captureId, table, page).toBytes();
    boolean changes = image != null || storedPages.remove(pageKey);
    if (!changes) {
      return; // Came and went between two commits: the changelog never knew it.
    }
    if (image != null) {
      storedPages.add(pageKey);
    }
    obsoletePages.remove(pageKey);
    changelog.put(pageKey, image);
    counters.changelogRecords.increment();
    counters.changelogBytes.add(pageKey.get().length + (image == null ? 0 : image.length));
  }

  /** Removes every page from the changelog. */
  void forget(StateLog changelog) {
    for (Bytes pageKey : storedPages) {
      changelog.put(pageKey, null);
      counters.changelogRecords.increment();
    }
    storedPages.clear();
    obsoletePages.clear();
  }

  @Override
  public void violation(Violation violation) {
    violations++;
    if (muted || !conclusions.wants(violation)) {
      return;
    }
    counters.violations.increment();
    outlet.send(Outlet.VIOLATIONS, key, ViolationCodec.encode(captureId, violation));
  }

  @Override
  public void lifecycle(MappingLifecycle mapping) {
    if (muted || !conclusions.wantsAt(mapping.unmapped().timestampNs())) {
      return;
    }
    counters.mappings.increment();
    if (!publishMappings) {
      return;
    }
    mappings.add(mapping);
    if (mappings.mappingCount() == MAPPINGS_PER_RECORD_MAX) {
      flush();
    }
  }

  @Override
  public void summary(DeviceSummary summary) {
    if (muted || !conclusions.wantsAt(summary.timestampNs())) {
      return;
    }
    outlet.send(
        Outlet.SUMMARIES,
        Topics.summaryKey(captureId, summary.device()),
        DeviceSummaryCodec.encode(captureId, summary));
  }

  @Override
  public void coverage(RuleCoverage found) {
    coverage = found;
  }
}
