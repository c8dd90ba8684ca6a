package io.dmascope.schemas.codec;

import io.dmascope.model.finding.DeviceSummary;

/** Values of the summaries topic. */
public final class DeviceSummaryCodec {
  private static final SingleObject<io.dmascope.schemas.avro.DeviceSummary> FORMAT =
      new SingleObject<>(io.dmascope.schemas.avro.DeviceSummary.getClassSchema());

  private DeviceSummaryCodec() {}

  public static byte[] encode(String captureId, DeviceSummary summary) {
    return FORMAT.encode(
        io.dmascope.schemas.avro.DeviceSummary.newBuilder()
            .setCaptureId(captureId)
            .setDevice(summary.device())
            .setTimestampNs(summary.timestampNs())
            .setSequence(summary.sequence())
            .setLiveMappings(summary.liveMappings())
            .setLiveBytes(summary.liveBytes())
            .setMaps(summary.maps())
            .setUnmaps(summary.unmaps())
            .setMapFailures(summary.mapFailures())
            .setMappedBytes(summary.mappedBytes())
            .setBounces(summary.bounces())
            .setBouncedBytes(summary.bouncedBytes())
            .setSgEntriesIn(summary.sgEntriesIn())
            .setSgEntriesOut(summary.sgEntriesOut())
            .setViolations(summary.violations())
            .build());
  }

  public static Captured<DeviceSummary> decode(byte[] value) throws UndecodableRecordException {
    io.dmascope.schemas.avro.DeviceSummary avro = FORMAT.decode(value);
    return new Captured<>(
        avro.getCaptureId(),
        new DeviceSummary(
            avro.getDevice(),
            avro.getTimestampNs(),
            avro.getSequence(),
            avro.getLiveMappings(),
            avro.getLiveBytes(),
            avro.getMaps(),
            avro.getUnmaps(),
            avro.getMapFailures(),
            avro.getMappedBytes(),
            avro.getBounces(),
            avro.getBouncedBytes(),
            avro.getSgEntriesIn(),
            avro.getSgEntriesOut(),
            avro.getViolations()));
  }
}
