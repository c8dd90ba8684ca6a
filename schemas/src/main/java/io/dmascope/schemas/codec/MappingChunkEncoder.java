package io.dmascope.schemas.codec;

import io.dmascope.model.finding.EventRef;
import io.dmascope.model.finding.MappingLifecycle;

/**
 * Packs closed mappings of one capture into values of the mappings topic.
 *
 * <p>Writes Avro's binary form of {@code MappingChunk} by hand: there is about one mapping for
 * every two events. Owned by one thread.
 */
public final class MappingChunkEncoder /* hot path */ {
  private final String captureId;
  private final NamesWriter names = new NamesWriter();
  private final ByteWriter out = new ByteWriter(4 * 1024);
  private int mappingCount;
  private long dmaAddr;
  private long sequence;
  private long timestampNs;
  private long place;

  public MappingChunkEncoder(String captureId) {
    this.captureId = captureId;
  }

  /** How many mappings {@link #finish} would pack. */
  public int mappingCount() {
    return mappingCount;
  }

  public void add(MappingLifecycle mapping) {
    EventRef birth = mapping.mapped();
    EventRef end = mapping.unmapped();
    out.writeInt(names.string(mapping.device()));
    out.writeInt(mapping.kind().ordinal());
    out.writeInt(mapping.direction().ordinal());
    out.writeLong(mapping.dmaAddr() - dmaAddr);
    out.writeLong(mapping.sizeBytes());
    out.writeInt(mapping.nents());
    out.writeInt(mapping.ents());
    out.writeLong(end.sequence() - sequence);
    out.writeLong(end.timestampNs() - timestampNs);
    out.writeLong(end.place() - place);
    out.writeInt(end.cpu());
    out.writeInt(names.task(end.pid(), end.comm()));
    out.writeLong(end.sequence() - birth.sequence());
    out.writeLong(end.timestampNs() - birth.timestampNs());
    out.writeLong(end.place() - birth.place());
    out.writeInt(birth.cpu());
    out.writeInt(names.task(birth.pid(), birth.comm()));
    dmaAddr = mapping.dmaAddr();
    sequence = end.sequence();
    timestampNs = end.timestampNs();
    place = end.place();
    mappingCount++;
  }

  /** Returns the value of the chunk and begins the next one. */
  public byte[] finish() {
    ByteWriter value = new ByteWriter(out.size() + names.sizeBytes() + captureId.length() + 64);
    MappingChunkDecoder.FORMAT.writeHeader(value);
    value.writeString(captureId);
    names.writeTo(value);
    value.writeArray(mappingCount, out);
    names.clear();
    out.clear();
    mappingCount = 0;
    dmaAddr = 0;
    sequence = 0;
    timestampNs = 0;
    place = 0;
    return value.toByteArray();
  }
}
