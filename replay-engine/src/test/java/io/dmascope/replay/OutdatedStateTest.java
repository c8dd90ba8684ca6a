package io.dmascope.replay;

import static org.assertj.core.api.Assertions.assertThat;

import io.dmascope.model.event.CaptureFacts;
import io.dmascope.model.event.CaptureStart;
import io.dmascope.model.event.DmaDirection;
import io.dmascope.model.event.DmaMap;
import io.dmascope.model.event.DmaUnmap;
import io.dmascope.model.event.EventHeader;
import io.dmascope.model.event.EventsLost;
import io.dmascope.model.event.MapApi;
import io.dmascope.model.event.TraceEvent;
import io.dmascope.schemas.Topics;
import io.dmascope.schemas.codec.EventChunkEncoder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.utils.Bytes;
import org.junit.jupiter.api.Test;

/** An engine finds models that another version stored. */
final class OutdatedStateTest {
  private static final String RIG = "rig";

  private final Map<Bytes, byte[]> log = new HashMap<>();
  private final List<String> said = new ArrayList<>();
  private final ReplayCounters counters = new ReplayCounters();

  private final ReplayHost host =
      new ReplayHost() {
        @Override
        public void send(String sink, byte[] key, byte[] value) {
          said.add(sink + " " + HexFormat.of().formatHex(value));
        }

        @Override
        public void quarantine(byte[] key, byte[] value, String reason) {
          said.add(reason);
        }

        @Override
        public void changing() {}

        @Override
        public String position() {
          return "here";
        }
      };

  @Test
  void capture_isReplayedFromTheArchiveAndSaysNothingTwice() {
    List<byte[]> chunks = List.of(chunk(0, 40), chunk(40, 80), chunk(80, 120));
    CaptureSet undisturbed = captures();
    chunks.forEach(chunk -> undisturbed.replay(Topics.captureKey(RIG), chunk));
    List<String> expected = List.copyOf(said);
    assertThat(expected).isNotEmpty();
    said.clear();
    log.clear();

    CaptureSet before = captures();
    chunks.subList(0, 2).forEach(chunk -> before.replay(Topics.captureKey(RIG), chunk));
    before.saveChanges();
    storeAsBeforeVersions();
    CaptureSet after = captures();
    after.restore(List.copyOf(log.entrySet()));
    assertThat(after.outdated()).containsExactly(RIG);
    chunks.subList(0, 2).forEach(after::rebuild);
    after.rebuilt();
    after.replay(Topics.captureKey(RIG), chunks.get(2));

    assertThat(said).isEqualTo(expected);
    assertThat(counters.missingEvents()).isZero();
  }

  @Test
  void replayedCapture_isStoredInThePresentForm() {
    CaptureSet before = captures();
    before.replay(Topics.captureKey(RIG), chunk(0, 40));
    before.saveChanges();
    storeAsBeforeVersions();
    log.put(new PageKey(RIG, 3, 4_711).toBytes(), new byte[] {1}); // no model has such a page now
    CaptureSet after = captures();
    after.restore(List.copyOf(log.entrySet()));
    after.rebuild(chunk(0, 40));
    after.rebuilt();
    after.saveChanges();

    CaptureSet next = captures();
    next.restore(List.copyOf(log.entrySet()));

    assertThat(next.outdated()).isEmpty();
    assertThat(log).doesNotContainKey(new PageKey(RIG, 3, 4_711).toBytes());
  }

  @Test
  void captureOfThePresentForm_isNotReplayedAgain() {
    CaptureSet before = captures();
    before.replay(Topics.captureKey(RIG), chunk(0, 40));
    before.saveChanges();
    CaptureSet after = captures();

    after.restore(List.copyOf(log.entrySet()));

    assertThat(after.outdated()).isEmpty();
  }

  /** Pages that nobody can read any more, and no word of their version. */
  private void storeAsBeforeVersions() {
    log.remove(new PageKey(RIG, PageKey.TALLY_TABLE, 0).toBytes());
    log.replaceAll((key, page) -> new byte[] {42});
  }

  private CaptureSet captures() {
    return new CaptureSet(true, Conclusions.Choice.ALL, host, this::put, counters);
  }

  private void put(Bytes key, byte[] value) {
    if (value == null) {
      log.remove(key);
    } else {
      log.put(key, value);
    }
  }

  /** Every third unmap is of something that was never mapped. */
  private static byte[] chunk(int from, int to) {
    EventChunkEncoder encoder = new EventChunkEncoder(RIG);
    for (int i = from; i < to; i++) {
      encoder.add(event(i));
    }
    return encoder.finish();
  }

  private static TraceEvent event(int i) {
    EventHeader at = new EventHeader(i, 100_000_000L * i, 0, 1, "fio", i);
    if (i == 0) {
      return new CaptureStart(at, new CaptureFacts(RIG, "t.txt", "ftrace-text", "", "", true));
    }
    if (i % 10 == 9) {
      return new EventsLost(at, 1, EventsLost.Cause.OVERRUN);
    }
    long addr = 0x1000L * (i / 2 + (i % 3 == 0 ? 0x100 : 0));
    return i % 2 == 0
        ? new DmaMap(at, "nvme", MapApi.PAGE, DmaDirection.TO_DEVICE, addr, 512, addr, 0)
        : new DmaUnmap(at, "nvme", MapApi.PAGE, DmaDirection.TO_DEVICE, addr, 512, 0);
  }
}
