package io.dmascope.schemas.codec;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.dmascope.schemas.avro.EventChunk;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.function.Consumer;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.file.CodecFactory;
import org.apache.avro.file.DataFileStream;
import org.apache.avro.file.DataFileWriter;
import org.apache.avro.specific.SpecificDatumReader;
import org.apache.avro.specific.SpecificDatumWriter;

/**
 * An Avro container file of event chunks: what the events topic carries, in a file that every Avro
 * library reads, since the schema stands at its head.
 */
public final class EventFile {
  private EventFile() {}

  /** Appends chunks to a file. */
  public static final class Writer implements Closeable {
    private final DataFileWriter<EventChunk> file;

    /** Begins a file; the stream is closed with it. */
    public Writer(OutputStream out) throws IOException {
      file = new DataFileWriter<>(new SpecificDatumWriter<>(EventChunk.class));
      file.setCodec(CodecFactory.nullCodec());
      // The sync marker is the only chance in such a file: the same events give the same bytes.
      file.create(EventChunk.getClassSchema(), out, "dmascope events.".getBytes(US_ASCII));
    }

    /** Appends what {@link EventChunkEncoder#finish} returned. */
    public void append(byte[] chunk) throws IOException {
      int header = SingleObject.HEADER_BYTES;
      file.appendEncoded(ByteBuffer.wrap(chunk, header, chunk.length - header).slice());
    }

    @Override
    public void close() throws IOException {
      file.close();
    }
  }

  /**
   * Reads a whole file.
   *
   * @throws UndecodableRecordException where it is none, or damaged
   */
  public static void read(InputStream in, Consumer<io.dmascope.schemas.codec.EventChunk> chunks)
      throws IOException, UndecodableRecordException {
    try (DataFileStream<EventChunk> file =
        new DataFileStream<>(in, new SpecificDatumReader<>(EventChunk.class))) {
      while (file.hasNext()) {
        chunks.accept(EventChunkDecoder.decode(EventChunkDecoder.FORMAT.encode(file.next())));
      }
    } catch (AvroRuntimeException e) {
      throw new UndecodableRecordException("the file is damaged: " + e.getMessage(), e);
    }
  }
}
