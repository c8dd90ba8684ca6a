package io.dmascope.schemas.codec;

import io.dmascope.schemas.RunName;
import io.dmascope.schemas.avro.RunState;

/** Values of the runs topic. */
public final class RunRecordCodec {
  private static final SingleObject<io.dmascope.schemas.avro.RunRecord> FORMAT =
      new SingleObject<>(io.dmascope.schemas.avro.RunRecord.getClassSchema());

  private RunRecordCodec() {}

  public static byte[] encode(RunRecord run) {
    return FORMAT.encode(
        io.dmascope.schemas.avro.RunRecord.newBuilder()
            .setName(run.name().name())
            .setGroup(run.group())
            .setState(RunState.values()[run.state().ordinal()])
            .setCreatedMs(run.createdMs())
            .setUpdatedMs(run.updatedMs())
            .setSettings(run.settings())
            .setStartOffsets(run.startOffsets())
            .setEndOffsets(run.endOffsets())
            .setRecords(run.records())
            .setEvents(run.events())
            .setViolations(run.violations())
            .setCapturesEnded(run.capturesEnded())
            .build());
  }

  public static RunRecord decode(byte[] value) throws UndecodableRecordException {
    io.dmascope.schemas.avro.RunRecord avro = FORMAT.decode(value);
    try {
      return new RunRecord(
          new RunName(avro.getName()),
          avro.getGroup(),
          RunRecord.State.values()[avro.getState().ordinal()],
          avro.getCreatedMs(),
          avro.getUpdatedMs(),
          avro.getSettings(),
          avro.getStartOffsets(),
          avro.getEndOffsets(),
          avro.getRecords(),
          avro.getEvents(),
          avro.getViolations(),
          avro.getCapturesEnded());
    } catch (IllegalArgumentException e) {
      throw new UndecodableRecordException("names no run [cause=%s]".formatted(e.getMessage()), e);
    }
  }
}
