package io.dmascope.replay;

import io.dmascope.model.dma.DmaModel;
import io.dmascope.model.event.CaptureEnd;
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
import org.apache.kafka.streams.state.KeyValueStore;

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

  /** Keys of this capture's pages in the changelog. */
  private final Set<Bytes> storedPages = new HashSet<>();

  private RuleCoverage coverage = NOTHING_CHECKED;

  ReplayedCapture(
      String captureId, boolean publishMappings, Outlet outlet, ReplayCounters counters) {
    this.captureId = captureId;
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
    model.restore(page.table(), page.page(), image);
    storedPages.add(page.toBytes());
  }

  void restored() {
    model.restored();
  }

  void apply(TraceEvent event) {
    model.apply(event, this);
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
  void saveChanges(KeyValueStore<Bytes, byte[]> changelog) {
    model.saveChanges((table, page, image) -> save(changelog, table, page, image));
  }

  private void save(KeyValueStore<Bytes, byte[]> changelog, int table, int page, byte[] image) {
    Bytes pageKey = new PageKey(captureId, table, page).toBytes();
    boolean changes = image != null || storedPages.remove(pageKey);
    if (!changes) {
      return; // Came and went between two commits: the changelog never knew it.
    }
    if (image != null) {
      storedPages.add(pageKey);
    }
    changelog.put(pageKey, image);
    counters.changelogRecords.increment();
    counters.changelogBytes.add(pageKey.get().length + (image == null ? 0 : image.length));
  }

  /** Removes every page from the changelog. */
  void forget(KeyValueStore<Bytes, byte[]> changelog) {
    for (Bytes pageKey : storedPages) {
      changelog.delete(pageKey);
      counters.changelogRecords.increment();
    }
    storedPages.clear();
  }

  @Override
  public void violation(Violation violation) {
    counters.violations.increment();
    outlet.send(Outlet.VIOLATIONS, key, ViolationCodec.encode(captureId, violation));
  }

  @Override
  public void lifecycle(MappingLifecycle mapping) {
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
