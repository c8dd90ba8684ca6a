package io.dmascope.schemas.codec;

import io.dmascope.model.event.CaptureFacts;
import io.dmascope.model.event.InputCounts;
import io.dmascope.model.finding.RuleCoverage;
import io.dmascope.schemas.avro.CaptureInfo;
import io.dmascope.schemas.avro.CaptureResult;
import io.dmascope.schemas.avro.RuleNotChecked;

/** Values of the captures topic. */
public final class CaptureRecordCodec {
  private static final SingleObject<io.dmascope.schemas.avro.CaptureRecord> FORMAT =
      new SingleObject<>(io.dmascope.schemas.avro.CaptureRecord.getClassSchema());

  private CaptureRecordCodec() {}

  public static byte[] encode(CaptureRecord capture) {
    Object content =
        switch (capture) {
          case CaptureRecord.Started started -> toAvro(started.facts());
          case CaptureRecord.Ended ended -> toAvro(ended);
        };
    return FORMAT.encode(new io.dmascope.schemas.avro.CaptureRecord(capture.captureId(), content));
  }

  public static CaptureRecord decode(byte[] value) throws UndecodableRecordException {
    io.dmascope.schemas.avro.CaptureRecord avro = FORMAT.decode(value);
    return switch (avro.getContent()) {
      case CaptureInfo info -> new CaptureRecord.Started(toModel(avro.getCaptureId(), info));
      case CaptureResult result -> toModel(avro.getCaptureId(), result);
      default -> throw new UndecodableRecordException("is neither information nor result");
    };
  }

  private static CaptureInfo toAvro(CaptureFacts facts) {
    return new CaptureInfo(
        facts.file(),
        facts.format(),
        facts.kernelRelease(),
        facts.clock(),
        facts.completeStart(),
        RigManifestCodec.toAvro(facts.rig()));
  }

  private static CaptureFacts toModel(String captureId, CaptureInfo info)
      throws UndecodableRecordException {
    return new CaptureFacts(
        captureId,
        info.getFile(),
        info.getFormat(),
        info.getKernelRelease(),
        info.getClock(),
        info.getCompleteStart(),
        RigManifestCodec.toModel(info.getRig()));
  }

  private static CaptureResult toAvro(CaptureRecord.Ended ended) {
    InputCounts input = ended.input();
    return CaptureResult.newBuilder()
        .setLines(input.lines())
        .setEvents(input.events())
        .setDecoded(input.decoded())
        .setSkipped(input.skipped())
        .setIssues(input.issues())
        .setLost(input.lost())
        .setLastSequence(ended.lastSequence())
        .setRulesChecked(ended.coverage().checked())
        .setRulesNotChecked(
            ended.coverage().notChecked().stream()
                .map(rule -> new RuleNotChecked(rule.ruleId(), rule.because()))
                .toList())
        .build();
  }

  private static CaptureRecord.Ended toModel(String captureId, CaptureResult result) {
    return new CaptureRecord.Ended(
        captureId,
        new InputCounts(
            result.getLines(),
            result.getEvents(),
            result.getDecoded(),
            result.getSkipped(),
            result.getIssues(),
            result.getLost()),
        new RuleCoverage(
            result.getRulesChecked(),
            result.getRulesNotChecked().stream()
                .map(rule -> new RuleCoverage.NotChecked(rule.getRuleId(), rule.getBecause()))
                .toList()),
        result.getLastSequence());
  }
}
