package io.dmascope.schemas.codec;

import io.dmascope.model.rig.RecordMembers;
import io.dmascope.model.rig.RigManifest;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.message.RawMessageEncoder;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificDatumReader;

/**
 * Writes and reads a manifest in Avro's binary form, as the optional member of another record: a
 * null stands for {@link RigManifest#UNKNOWN}.
 */
final class RigManifestCodec {
  private static final int CAPACITY = 1 << 12;

  private RigManifestCodec() {}

  static void write(RigManifest rig, ByteWriter out) {
    boolean known = !rig.equals(RigManifest.UNKNOWN);
    out.writeInt(known ? 1 : 0);
    if (known) {
      RecordMembers.write(rig, new Sink(out));
    }
  }

  static RigManifest read(ByteReader in) throws UndecodableRecordException {
    return in.readIndex(2) == 0 ? RigManifest.UNKNOWN : RecordMembers.read(new Source(in));
  }

  /** Returns Avro's object, or null for an unknown machine. */
  static io.dmascope.schemas.avro.RigManifest toAvro(RigManifest rig) {
    if (rig.equals(RigManifest.UNKNOWN)) {
      return null;
    }
    ByteWriter bytes = new ByteWriter(CAPACITY);
    RecordMembers.write(rig, new Sink(bytes));
    try {
      return new SpecificDatumReader<>(io.dmascope.schemas.avro.RigManifest.class)
          .read(null, DecoderFactory.get().binaryDecoder(bytes.toByteArray(), null));
    } catch (IOException e) {
      throw new UncheckedIOException("decoding from memory failed", e);
    }
  }

  /** Returns the model's form of Avro's object or of null. */
  static RigManifest toModel(io.dmascope.schemas.avro.RigManifest rig)
      throws UndecodableRecordException {
    if (rig == null) {
      return RigManifest.UNKNOWN;
    }
    var encoder =
        new RawMessageEncoder<io.dmascope.schemas.avro.RigManifest>(
            SpecificData.get(), rig.getSchema());
    try {
      return RecordMembers.read(new Source(new ByteReader(encoder.encode(rig).array(), 0)));
    } catch (IOException e) {
      throw new UncheckedIOException("encoding into memory failed", e);
    }
  }

  private record Sink(ByteWriter out) implements RecordMembers.Sink {
    @Override
    public void number(long value) {
      out.writeLong(value);
    }

    @Override
    public void flag(boolean value) {
      out.writeBoolean(value);
    }

    @Override
    public void text(String value) {
      out.writeString(value);
    }
  }

  private record Source(ByteReader in) implements RecordMembers.Source<UndecodableRecordException> {
    @Override
    public long number() throws UndecodableRecordException {
      return in.readLong();
    }

    @Override
    public int integer() throws UndecodableRecordException {
      return in.readInt();
    }

    @Override
    public int index(int size) throws UndecodableRecordException {
      return in.readIndex(size);
    }

    @Override
    public int block() throws UndecodableRecordException {
      return in.readBlock();
    }

    @Override
    public boolean flag() throws UndecodableRecordException {
      return in.readBoolean();
    }

    @Override
    public String text() throws UndecodableRecordException {
      return in.readString();
    }
  }
}
