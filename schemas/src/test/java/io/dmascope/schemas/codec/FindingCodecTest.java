package io.dmascope.schemas.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dmascope.model.event.CaptureFacts;
import io.dmascope.model.event.DmaDirection;
import io.dmascope.model.event.InputCounts;
import io.dmascope.model.finding.DeviceSummary;
import io.dmascope.model.finding.DoubtKind;
import io.dmascope.model.finding.EventRef;
import io.dmascope.model.finding.MappingKind;
import io.dmascope.model.finding.MappingLifecycle;
import io.dmascope.model.finding.PremiseKind;
import io.dmascope.model.finding.RelatedEvent;
import io.dmascope.model.finding.RuleCoverage;
import io.dmascope.model.finding.Severity;
import io.dmascope.model.finding.Verdict;
import io.dmascope.model.finding.Violation;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

final class FindingCodecTest {
  private static final String[] NAMES = {"", "nvme", "eth0 rx", "übung"};

  @Property(tries = 100)
  void violation_survives(@ForAll Random random) throws Exception {
    Violation violation = violation(random);

    assertThat(ViolationCodec.decode(ViolationCodec.encode("rig-1", violation)))
        .isEqualTo(new Captured<>("rig-1", violation));
  }

  @Property(tries = 100)
  void mappings_survive(@ForAll Random random) throws Exception {
    List<MappingLifecycle> mappings = new ArrayList<>();
    MappingChunkEncoder encoder = new MappingChunkEncoder("rig-1");
    for (int i = random.nextInt(20); i >= 0; i--) {
      mappings.add(mapping(random));
      encoder.add(mappings.getLast());
    }
    byte[] value = encoder.finish();

    assertThat(MappingChunkDecoder.decode(value)).isEqualTo(new Captured<>("rig-1", mappings));
    assertThat(MappingChunkDecoder.FORMAT.encode(MappingChunkDecoder.FORMAT.decode(value)))
        .isEqualTo(value);
    assertThat(encoder.mappingCount()).isZero();
  }

  @Property(tries = 50)
  void summary_survives(@ForAll Random random) throws Exception {
    DeviceSummary summary =
        new DeviceSummary(
            one(NAMES, random),
            random.nextLong(),
            random.nextLong(),
            random.nextLong(),
            random.nextLong(),
            random.nextLong(),
            random.nextLong(),
            random.nextLong(),
            random.nextLong(),
            random.nextLong(),
            random.nextLong(),
            random.nextLong(),
            random.nextLong(),
            random.nextLong());

    assertThat(DeviceSummaryCodec.decode(DeviceSummaryCodec.encode("rig-1", summary)))
        .isEqualTo(new Captured<>("rig-1", summary));
  }

  @Property(tries = 100)
  void startedCapture_survivesWithItsRig(@ForAll Random random) throws Exception {
    CaptureRecord started =
        new CaptureRecord.Started(
            new CaptureFacts("rig-1", "trace.txt", "ftrace-text", "6.12.1", "local", true)
                .withRig(new ArbitraryRigs(random).rig()));

    assertThat(CaptureRecordCodec.decode(CaptureRecordCodec.encode(started))).isEqualTo(started);
  }

  @Test
  void endedCapture_survives() throws Exception {
    CaptureRecord ended =
        new CaptureRecord.Ended(
            "rig-1",
            new InputCounts(1, 2, 3, 4, 5, 6),
            new RuleCoverage(
                List.of("DMA-MAP-001"),
                List.of(new RuleCoverage.NotChecked("IOV-001", "no iommu events"))),
            77);

    assertThat(CaptureRecordCodec.decode(CaptureRecordCodec.encode(ended))).isEqualTo(ended);
  }

  @Property(tries = 200)
  void decode_ofDamagedFinding_eitherWorksOrSaysWhy(@ForAll Random random) {
    byte[] value = ViolationCodec.encode("rig-1", violation(random));
    for (int i = 0; i < 20; i++) {
      byte[] damaged = value.clone();
      for (int hit = 0; hit < 3; hit++) {
        int at = SingleObject.HEADER_BYTES;
        damaged[at + random.nextInt(damaged.length - at)] = (byte) random.nextInt();
      }
      try {
        assertThat(ViolationCodec.decode(damaged)).isNotNull();
      } catch (UndecodableRecordException expected) {
        assertThat(expected.getMessage()).isNotBlank();
      }
    }
  }

  @Test
  void decode_ofAnotherTopicsRecord_isRefused() {
    byte[] summary =
        DeviceSummaryCodec.encode(
            "rig-1", new DeviceSummary("nvme", 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13));

    assertThatThrownBy(() -> ViolationCodec.decode(summary))
        .isInstanceOf(UndecodableRecordException.class)
        .hasMessageContaining("no version of Violation");
  }

  private static Violation violation(Random random) {
    List<RelatedEvent> related = new ArrayList<>();
    for (int i = random.nextInt(3); i > 0; i--) {
      related.add(new RelatedEvent("mapped here", point(random)));
    }
    return new Violation(
        "DMA-MAP-001",
        one(Severity.values(), random),
        Verdict.told(
            List.of(one(PremiseKind.values(), random), one(PremiseKind.values(), random)),
            one(DoubtKind.values(), random),
            one(NAMES, random)),
        one(NAMES, random),
        random.nextLong(),
        random.nextLong(),
        one(DmaDirection.values(), random),
        point(random),
        "unmaps what is not mapped",
        related);
  }

  private static MappingLifecycle mapping(Random random) {
    return new MappingLifecycle(
        one(NAMES, random),
        one(MappingKind.values(), random),
        one(DmaDirection.values(), random),
        random.nextLong(),
        random.nextLong(),
        random.nextInt(),
        random.nextInt(),
        point(random),
        point(random));
  }

  private static EventRef point(Random random) {
    return new EventRef(
        random.nextLong(),
        random.nextLong(),
        random.nextInt(4) - 1,
        random.nextInt(),
        one(NAMES, random),
        random.nextLong());
  }

  private static <T> T one(T[] values, Random random) {
    return values[random.nextInt(values.length)];
  }
}
