package io.dmascope.tables;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.dmascope.model.dma.DmaModel;
import io.dmascope.model.event.CaptureEnd;
import io.dmascope.model.event.CaptureFacts;
import io.dmascope.model.event.CaptureStart;
import io.dmascope.model.event.DmaDirection;
import io.dmascope.model.event.DmaMap;
import io.dmascope.model.event.DmaUnmap;
import io.dmascope.model.event.EventHeader;
import io.dmascope.model.event.InputCounts;
import io.dmascope.model.event.MapApi;
import io.dmascope.model.event.TraceEvent;
import io.dmascope.model.finding.MappingLifecycle;
import io.dmascope.model.finding.ModelOutput;
import io.dmascope.model.finding.Violation;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class AggregatesTest {
  private static final long SECOND = 1_000_000_000L;

  private final List<Aggregate> closed = new ArrayList<>();
  private final DmaModel model = new DmaModel();
  private final Aggregates aggregates = new Aggregates(SECOND, model::liveSites, closed::add);
  private long sequence;
  private String clock = "mono";

  @Test
  void window_isClosedOnceAnEventIsASecondPastItsEnd() {
    start();
    map(5 * SECOND, 0x1000, 4096);
    map(6 * SECOND + SECOND / 2, 0x2000, 4096);
    assertThat(closed).isEmpty();
    map(7 * SECOND, 0x3000, 4096);

    assertThat(closed).extracting(Aggregate::windowStartNs).containsExactly(5 * SECOND);
  }

  @Test
  void eventInTheGrace_countsInItsOwnWindow() {
    start();
    map(5 * SECOND, 0x1000, 4096);
    map(6 * SECOND, 0x2000, 4096);
    map(6 * SECOND - 1, 0x3000, 4096);
    end();

    assertThat(closed.getFirst().value(Measure.MAPS)).isEqualTo(2);
    assertThat(closed.getFirst().value(Measure.LATE_EVENTS)).isZero();
  }

  @Test
  void eventPastTheGrace_countsInTheOldestOpenWindowAsLate() {
    start();
    map(5 * SECOND, 0x1000, 4096);
    map(9 * SECOND, 0x2000, 4096);
    map(5 * SECOND + 1, 0x3000, 4096);
    end();

    assertThat(closed).extracting(Aggregate::windowStartNs).containsExactly(5 * SECOND, 9 * SECOND);
    assertThat(closed.getLast().value(Measure.MAPS)).isEqualTo(2);
    assertThat(closed.getLast().value(Measure.LATE_EVENTS)).isEqualTo(1);
  }

  @Test
  void live_hasItsLeastItsMostAndItsLast() {
    start();
    map(5 * SECOND, 0x1000, 4096);
    map(5 * SECOND + 1, 0x2000, 8192);
    unmap(5 * SECOND + 2, 0x1000, 4096);
    map(7 * SECOND, 0x4000, 100);
    end();

    Aggregate first = closed.getFirst();
    assertThat(first.value(Measure.LIVE_BYTES_MIN)).isZero();
    assertThat(first.value(Measure.LIVE_BYTES_MAX)).isEqualTo(12288);
    assertThat(first.value(Measure.LIVE_BYTES_LAST)).isEqualTo(8192);
    assertThat(first.value(Measure.LIVE_MAPPINGS_MAX)).isEqualTo(2);
    assertThat(first.lifetimesNs().sum()).isEqualTo(2);
    assertThat(closed.getLast().value(Measure.LIVE_BYTES_MIN)).isEqualTo(8192);
    assertThat(closed.getLast().value(Measure.LIVE_BYTES_LAST)).isEqualTo(8292);
  }

  @Test
  void clockWithoutTime_makesOneWindow() {
    clock = "counter";
    start();
    map(5 * SECOND, 0x1000, 4096);
    map(50 * SECOND, 0x2000, 4096);
    end();

    assertThat(closed).hasSize(1);
    assertThat(closed.getFirst().windowNs()).isZero();
    assertThat(closed.getFirst().value(Measure.MAPS)).isEqualTo(2);
  }

  @Test
  void violation_countsInTheWindowOfItsEvent() {
    start();
    map(5 * SECOND, 0x1000, 4096);
    unmap(6 * SECOND, 0x1000, 4096);
    unmap(6 * SECOND + 1, 0x1000, 4096);
    end();

    assertThat(aggregates.ruleCounts())
        .filteredOn(count -> count.ruleId().startsWith("DMA"))
        .singleElement()
        .isEqualTo(new RuleCount(6 * SECOND, SECOND, "nvme0", "DMA-MAP-001", "certain", 1));
  }

  @Test
  void captureWithoutEvents_hasNoWindows() {
    start();
    end();

    assertThat(closed).isEmpty();
  }

  @Test
  void windowWithoutLength_isRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Aggregates(0, model::liveSites, closed::add));
  }

  private void start() {
    apply(
        new CaptureStart(
            header(0), new CaptureFacts("c", "c.txt", "ftrace text", "6.12", clock, true)));
  }

  private void end() {
    apply(new CaptureEnd(header(0), InputCounts.NONE));
  }

  private void map(long timestampNs, long dmaAddr, long sizeBytes) {
    apply(
        new DmaMap(
            header(timestampNs),
            "nvme0",
            MapApi.PAGE,
            DmaDirection.TO_DEVICE,
            dmaAddr,
            sizeBytes,
            dmaAddr,
            0));
  }

  private void unmap(long timestampNs, long dmaAddr, long sizeBytes) {
    apply(
        new DmaUnmap(
            header(timestampNs),
            "nvme0",
            MapApi.PAGE,
            DmaDirection.TO_DEVICE,
            dmaAddr,
            sizeBytes,
            0));
  }

  private EventHeader header(long timestampNs) {
    return new EventHeader(sequence++, timestampNs, 0, 1, "dd", sequence);
  }

  private void apply(TraceEvent event) {
    aggregates.before(event);
    model.apply(
        event,
        new ModelOutput() {
          @Override
          public void violation(Violation violation) {
            aggregates.violation(violation);
          }

          @Override
          public void lifecycle(MappingLifecycle life) {
            aggregates.lifecycle(life);
          }
        });
    aggregates.event(event);
  }
}
