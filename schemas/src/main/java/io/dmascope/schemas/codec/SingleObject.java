package io.dmascope.schemas.codec;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;
import org.apache.avro.SchemaNormalization;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.message.BinaryMessageEncoder;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificDatumReader;
import org.apache.avro.specific.SpecificRecord;
import org.apache.avro.util.ClassSecurityValidator;

/**
 * Avro's single-object encoding of one record type, present and past.
 *
 * <p>The first ten bytes name the schema by its fingerprint. Earlier schemas lie beside the classes
 * as {@code history/NAME.vN.avsc}; they are loaded when the first such record is met.
 */
final class SingleObject<T extends SpecificRecord> {
  static final int HEADER_BYTES = 10;
  private static final byte MARKER_0 = (byte) 0xc3;
  private static final byte MARKER_1 = 0x01;

  static {
    // Avro instantiates only classes of packages it was told to trust.
    ClassSecurityValidator.setGlobal(
        ClassSecurityValidator.composite(
            ClassSecurityValidator.getGlobal(),
            type -> type.getPackageName().equals("io.dmascope.schemas.avro")));
  }

  private final Schema schema;
  private final byte[] header;
  private final BinaryMessageEncoder<T> encoder;
  private volatile List<Schema> history;

  SingleObject(Schema schema) {
    this.schema = schema;
    this.header = header(SchemaNormalization.parsingFingerprint64(schema));
    this.encoder = new BinaryMessageEncoder<>(SpecificData.get(), schema);
  }

  /** Two marker bytes and the fingerprint, least significant byte first. */
  private static byte[] header(long fingerprint) {
    byte[] bytes = new byte[HEADER_BYTES];
    bytes[0] = MARKER_0;
    bytes[1] = MARKER_1;
    for (int i = 0; i < Long.BYTES; i++) {
      bytes[2 + i] = (byte) (fingerprint >>> (Byte.SIZE * i));
    }
    return bytes;
  }

  void writeHeader(ByteWriter out) {
    out.write(header, 0, HEADER_BYTES);
  }

  /** True where the value was written with the present schema. */
  boolean isPresent(byte[] value) {
    return value != null
        && value.length >= HEADER_BYTES
        && Arrays.equals(value, 0, HEADER_BYTES, header, 0, HEADER_BYTES);
  }

  byte[] encode(T datum) {
    try {
      ByteBuffer encoded = encoder.encode(datum);
      byte[] value = new byte[encoded.remaining()];
      encoded.get(value);
      return value;
    } catch (IOException e) {
      throw new UncheckedIOException("encoding into memory failed", e);
    }
  }

  T decode(byte[] value) throws UndecodableRecordException {
    Schema writer = writerOf(value);
    BinaryDecoder in =
        DecoderFactory.get().binaryDecoder(value, HEADER_BYTES, value.length - HEADER_BYTES, null);
    try {
      T datum = new SpecificDatumReader<T>(writer, schema).read(null, in);
      if (!in.isEnd()) {
        throw new UndecodableRecordException("bytes follow the end of the record");
      }
      return datum;
    } catch (IOException
        | AvroRuntimeException
        | IndexOutOfBoundsException
        | UnsupportedOperationException e) {
      // Avro reports damage in all four ways, depending on the field it meets.
      throw new UndecodableRecordException(
          "is no %s [cause=%s]".formatted(schema.getName(), e.getMessage()), e);
    }
  }

  private Schema writerOf(byte[] value) throws UndecodableRecordException {
    if (isPresent(value)) {
      return schema;
    }
    if (value == null) {
      throw new UndecodableRecordException("has no value");
    }
    if (value.length < HEADER_BYTES || value[0] != MARKER_0 || value[1] != MARKER_1) {
      throw new UndecodableRecordException(
          "does not start with the marker of Avro's single-object encoding [bytes=%d]"
              .formatted(value.length));
    }
    for (Schema past : history()) {
      if (Arrays.equals(
          value,
          0,
          HEADER_BYTES,
          header(SchemaNormalization.parsingFingerprint64(past)),
          0,
          HEADER_BYTES)) {
        return past;
      }
    }
    long fingerprint =
        ByteBuffer.wrap(value, 2, Long.BYTES).order(java.nio.ByteOrder.LITTLE_ENDIAN).getLong();
    throw new UndecodableRecordException(
        "names a schema that is no version of %s [fingerprint=0x%016x]"
            .formatted(schema.getName(), fingerprint));
  }

  private List<Schema> history() {
    List<Schema> known = history;
    if (known == null) {
      known = loadHistory(schema.getName());
      history = known;
    }
    return known;
  }

  /** All versions of a record there ever were, oldest first, the present one included. */
  static List<Schema> loadHistory(String name) {
    List<Schema> versions = new ArrayList<>();
    for (int version = 1; ; version++) {
      Optional<Schema> schema =
          load("/io/dmascope/schemas/history/%s.v%d.avsc".formatted(name, version));
      if (schema.isEmpty()) {
        return List.copyOf(versions);
      }
      versions.add(schema.get());
    }
  }

  private static Optional<Schema> load(String resource) {
    try (InputStream in = SingleObject.class.getResourceAsStream(resource)) {
      return in == null ? Optional.empty() : Optional.of(new Schema.Parser().parse(in));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read our own resource " + resource, e);
    }
  }
}
