package io.dmascope.schemas.codec;

import io.dmascope.model.event.DmaDirection;
import io.dmascope.model.finding.EventRef;
import io.dmascope.model.finding.MappingKind;
import io.dmascope.model.finding.MappingLifecycle;
import java.util.ArrayList;
import java.util.List;

/** Unpacks values of the mappings topic. Safe for any number of threads. */
public final class MappingChunkDecoder /* hot path */ {
  static final SingleObject<io.dmascope.schemas.avro.MappingChunk> FORMAT =
      new SingleObject<>(io.dmascope.schemas.avro.MappingChunk.getClassSchema());

  private static final MappingKind[] KINDS = MappingKind.values();
  private static final DmaDirection[] DIRECTIONS = DmaDirection.values();

  private MappingChunkDecoder() {}

  /** Returns the mappings in the order of their ends. */
  public static Captured<List<MappingLifecycle>> decode(byte[] value)
      throws UndecodableRecordException {
    byte[] present = FORMAT.isPresent(value) ? value : FORMAT.encode(FORMAT.decode(value));
    ByteReader in = new ByteReader(present, SingleObject.HEADER_BYTES);
    String captureId = in.readString();
    NamesReader names = NamesReader.read(in);
    List<MappingLifecycle> mappings = new ArrayList<>();
    long dmaAddr = 0;
    long sequence = 0;
    long timestampNs = 0;
    long place = 0;
    for (int block = in.readBlock(); block > 0; block = in.readBlock()) {
      for (int i = 0; i < block; i++) {
        String device = names.readName(in);
        MappingKind kind = KINDS[in.readIndex(KINDS.length)];
        DmaDirection direction = DIRECTIONS[in.readIndex(DIRECTIONS.length)];
        dmaAddr += in.readLong();
        long sizeBytes = in.readLong();
        int nents = in.readInt();
        int ents = in.readInt();
        sequence += in.readLong();
        timestampNs += in.readLong();
        place += in.readLong();
        EventRef end = point(in, names, sequence, timestampNs, place);
        long birthSequence = sequence - in.readLong();
        long birthNs = timestampNs - in.readLong();
        long birthPlace = place - in.readLong();
        EventRef birth = point(in, names, birthSequence, birthNs, birthPlace);
        mappings.add(
            new MappingLifecycle(
                device, kind, direction, dmaAddr, sizeBytes, nents, ents, birth, end));
      }
    }
    in.end();
    return new Captured<>(captureId, mappings);
  }

  /** Reads the CPU and the task of a birth or an end. */
  private static EventRef point(
      ByteReader in, NamesReader names, long sequence, long timestampNs, long place)
      throws UndecodableRecordException {
    int cpu = in.readInt();
    int task = names.readTask(in);
    return new EventRef(sequence, timestampNs, cpu, names.pid(task), names.comm(task), place);
  }
}
