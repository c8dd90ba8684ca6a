package io.dmascope.schemas.codec;

import io.dmascope.model.event.DmaDirection;
import io.dmascope.model.finding.DoubtKind;
import io.dmascope.model.finding.EventRef;
import io.dmascope.model.finding.PremiseKind;
import io.dmascope.model.finding.RelatedEvent;
import io.dmascope.model.finding.Severity;
import io.dmascope.model.finding.Verdict;
import io.dmascope.model.finding.Violation;
import io.dmascope.schemas.avro.Direction;
import io.dmascope.schemas.avro.EventPoint;

/** Values of the violations topic. The same violation always gives the same bytes. */
public final class ViolationCodec {
  private static final SingleObject<io.dmascope.schemas.avro.Violation> FORMAT =
      new SingleObject<>(io.dmascope.schemas.avro.Violation.getClassSchema());

  private ViolationCodec() {}

  public static byte[] encode(String captureId, Violation violation) {
    return FORMAT.encode(
        io.dmascope.schemas.avro.Violation.newBuilder()
            .setCaptureId(captureId)
            .setRuleId(violation.ruleId())
            .setSeverity(io.dmascope.schemas.avro.Severity.valueOf(violation.severity().name()))
            .setConfidence(
                io.dmascope.schemas.avro.Confidence.valueOf(violation.confidence().name()))
            .setBecause(violation.because())
            .setDevice(violation.device())
            .setDmaAddr(violation.dmaAddr())
            .setSizeBytes(violation.sizeBytes())
            .setDirection(Direction.valueOf(violation.direction().name()))
            .setAt(toAvro(violation.at()))
            .setMessage(violation.message())
            .setRelated(
                violation.related().stream()
                    .map(
                        related ->
                            new io.dmascope.schemas.avro.RelatedEvent(
                                related.what(), toAvro(related.at())))
                    .toList())
            .setDoubt(violation.verdict().doubtKind().map(DoubtKind::name).orElse(""))
            .setPremises(violation.verdict().premises().stream().map(PremiseKind::name).toList())
            .build());
  }

  public static Captured<Violation> decode(byte[] value) throws UndecodableRecordException {
    io.dmascope.schemas.avro.Violation avro = FORMAT.decode(value);
    return new Captured<>(
        avro.getCaptureId(),
        new Violation(
            avro.getRuleId(),
            Severity.valueOf(avro.getSeverity().name()),
            Verdict.told(
                avro.getPremises().stream()
                    .flatMap(name -> PremiseKind.find(name).stream())
                    .toList(),
                DoubtKind.named(avro.getDoubt()),
                avro.getBecause()),
            avro.getDevice(),
            avro.getDmaAddr(),
            avro.getSizeBytes(),
            DmaDirection.valueOf(avro.getDirection().name()),
            toModel(avro.getAt()),
            avro.getMessage(),
            avro.getRelated().stream()
                .map(related -> new RelatedEvent(related.getWhat(), toModel(related.getAt())))
                .toList()));
  }

  private static EventPoint toAvro(EventRef at) {
    return new EventPoint(
        at.sequence(), at.timestampNs(), at.cpu(), at.pid(), at.comm(), at.place());
  }

  private static EventRef toModel(EventPoint at) {
    return new EventRef(
        at.getSequence(),
        at.getTimestampNs(),
        at.getCpu(),
        at.getPid(),
        at.getComm(),
        at.getPlace());
  }
}
