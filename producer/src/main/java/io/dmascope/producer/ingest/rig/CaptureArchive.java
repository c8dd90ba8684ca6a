package io.dmascope.producer.ingest.rig;

import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import io.dmascope.producer.ingest.UnusableInputException;
import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PushbackInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;

/**
 * The archive that the capture kit packs, unpacked into a directory of its own; closing it removes
 * the directory.
 *
 * <p>Only entries whose last name is known are unpacked, each to a name of ours, so that no name in
 * the archive can lead anywhere; links and other oddities are passed over. An archive that ends
 * early gives what it had.
 *
 * <pre>
 *   dmascope-HOST-TIME/manifest.json    the rig
 *   dmascope-HOST-TIME/dmesg.txt        lines of the kernel log that are about DMA
 *   dmascope-HOST-TIME/format/…         event formats, for people
 *   dmascope-HOST-TIME/trace.dat        or trace.txt
 * </pre>
 */
public final class CaptureArchive implements Closeable {
  /** How much an archive may unpack to, and how many entries are looked at. */
  public record Limits(long unpackedBytesMax, int entriesMax) {
    /** A day of a busy rig fits; a bomb does not fill the disk. */
    public static final Limits DEFAULT = new Limits(64L << 30, 10_000);
  }

  static final String TRACE_DAT = "trace.dat";
  static final String TRACE_TEXT = "trace.txt";

  /** What is unpacked; companions are small whatever the capture is. */
  private static final Map<String, Long> BYTES_MAX =
      Map.of(
          TRACE_DAT,
          Long.MAX_VALUE,
          TRACE_TEXT,
          Long.MAX_VALUE,
          Companions.MANIFEST,
          (long) RigManifestJson.DOCUMENT_BYTES_MAX,
          Companions.DMESG,
          1L << 30,
          Companions.PROBE,
          Long.MAX_VALUE);

  private static final int TAR_MAGIC_OFFSET = 257;
  private static final byte[] TAR_MAGIC = {'u', 's', 't', 'a', 'r'};
  private static final byte[] ZSTD_MAGIC = {0x28, (byte) 0xb5, 0x2f, (byte) 0xfd};
  private static final int HEAD_BYTES = TAR_MAGIC_OFFSET + TAR_MAGIC.length;
  private static final int CHUNK_BYTES = 1 << 16;

  /** More than a decompressor takes in before it gives out the first bytes. */
  private static final int LOOK_AHEAD_BYTES = 1 << 20;

  private final Path directory;
  private boolean truncated;

  private CaptureArchive(Path directory) {
    this.directory = directory;
  }

  /** True where the file is a tar archive, compressed by gzip or zstd or not at all. */
  public static boolean recognises(Path file) throws IOException {
    if (!Files.isRegularFile(file)) {
      return false;
    }
    try (InputStream content = lookAhead(Files.newInputStream(file))) {
      return recognises(content);
    }
  }

  /** The same stream, in which {@link #recognises(InputStream)} can look ahead. */
  public static InputStream lookAhead(InputStream stream) {
    return new BufferedInputStream(stream, CHUNK_BYTES);
  }

  /**
   * True where the stream is such an archive. What was looked at can be read again; of a live text
   * no more than its first line is waited for.
   */
  public static boolean recognises(InputStream lookAhead) throws IOException {
    lookAhead.mark(LOOK_AHEAD_BYTES);
    try {
      return hasMagic(head(decompressed(lookAhead)));
    } catch (IOException e) {
      // Damaged before it says what it is: whoever reads it as a trace will say so.
      return false;
    } finally {
      lookAhead.reset();
    }
  }

  /** As much of the beginning as tells: an archive has no line feed before its magic. */
  private static byte[] head(InputStream content) throws IOException {
    byte[] head = new byte[HEAD_BYTES];
    int length = 0;
    for (int count = 0; count >= 0 && length < HEAD_BYTES; ) {
      count = content.read(head, length, HEAD_BYTES - length);
      for (int i = length; i < length + count; i++) {
        if (head[i] == '\n') {
          return head; // without the magic: the rest is zeros
        }
      }
      length += Math.max(0, count);
    }
    return head;
  }

  /**
   * Unpacks an archive.
   *
   * @throws UnusableInputException where no capture is in it, or it exceeds the limits
   * @throws IOException where the disk fails
   */
  public static CaptureArchive unpack(Path archive, Limits limits) throws IOException {
    try (InputStream content = lookAhead(Files.newInputStream(archive))) {
      return unpack(content, archive.toString(), limits);
    }
  }

  /**
   * Unpacks an archive from a stream, to its end.
   *
   * @param archive what the user calls it
   * @throws UnusableInputException where no capture is in it, or it exceeds the limits
   * @throws IOException where the disk fails
   */
  public static CaptureArchive unpack(InputStream lookAhead, String archive, Limits limits)
      throws IOException {
    CaptureArchive unpacked = new CaptureArchive(Files.createTempDirectory("dmascope-archive"));
    try {
      unpacked.unpackAll(lookAhead, archive, limits);
      if (!Files.exists(unpacked.file(TRACE_DAT)) && !Files.exists(unpacked.file(TRACE_TEXT))) {
        throw new UnusableInputException(
            archive + " is an archive without a capture: expected trace.dat or trace.txt in it");
      }
      return unpacked;
    } catch (IOException e) {
      unpacked.close();
      throw e;
    }
  }

  /** The capture; the binary one where both are there. */
  public Path capture() {
    Path binary = file(TRACE_DAT);
    return Files.exists(binary) ? binary : file(TRACE_TEXT);
  }

  /** What came with it. */
  public Companions companions() {
    return new Companions(
        Optional.of(file(Companions.MANIFEST)).filter(Files::exists),
        Optional.of(file(Companions.DMESG)).filter(Files::exists),
        Optional.of(file(Companions.PROBE)).filter(Files::exists));
  }

  /** Whether the archive ended early; the capture then ends early too. */
  public boolean truncated() {
    return truncated;
  }

  @Override
  public void close() throws IOException {
    for (String name : BYTES_MAX.keySet()) {
      Files.deleteIfExists(file(name));
    }
    Files.deleteIfExists(directory);
  }

  private void unpackAll(InputStream content, String archive, Limits limits) throws IOException {
    long leftBytes = limits.unpackedBytesMax();
    try (TarArchiveInputStream tar = new TarArchiveInputStream(decompressed(content))) {
      for (int entries = 0; ; entries++) {
        TarArchiveEntry entry = nextEntry(tar);
        if (entry == null) {
          return;
        }
        if (entries == limits.entriesMax()) {
          throw new UnusableInputException(
              archive + " has more than " + limits.entriesMax() + " entries");
        }
        String name = lastName(entry.getName());
        if (isRegular(entry) && BYTES_MAX.containsKey(name) && !Files.exists(file(name))) {
          leftBytes -= unpack(tar, name, Math.min(leftBytes, BYTES_MAX.get(name)), archive);
        }
      }
    }
  }

  private TarArchiveEntry nextEntry(TarArchiveInputStream tar) {
    try {
      return tar.getNextEntry();
    } catch (IOException | IllegalArgumentException e) {
      // The archive ends early or is damaged here. What came before stays.
      truncated = true;
      return null;
    }
  }

  private long unpack(InputStream tar, String name, long bytesMax, String archive)
      throws IOException {
    byte[] chunk = new byte[CHUNK_BYTES];
    long size = 0;
    try (OutputStream out = Files.newOutputStream(file(name))) {
      for (int count = read(tar, chunk); count > 0; count = read(tar, chunk)) {
        size += count;
        if (size > bytesMax) {
          throw new UnusableInputException(
              "%s unpacks to more than is allowed: %s exceeds %d bytes"
                  .formatted(archive, name, bytesMax));
        }
        out.write(chunk, 0, count);
      }
    }
    return size;
  }

  private int read(InputStream tar, byte[] chunk) {
    try {
      return tar.read(chunk);
    } catch (IOException e) {
      // As in nextEntry.
      truncated = true;
      return -1;
    }
  }

  private Path file(String name) {
    return directory.resolve(name);
  }

  /** The library calls everything a file that is no directory, links too. */
  private static boolean isRegular(TarArchiveEntry entry) {
    byte type = entry.getLinkFlag();
    if (entry.isSparse()) {
      return false; // a few bytes that claim to be gigabytes of zeros; the kit packs no such thing
    }
    return type == TarConstants.LF_NORMAL || type == TarConstants.LF_OLDNORM;
  }

  private static String lastName(String entryName) {
    return entryName.substring(entryName.lastIndexOf('/') + 1);
  }

  private static InputStream decompressed(InputStream content) throws IOException {
    PushbackInputStream whole = new PushbackInputStream(content, ZSTD_MAGIC.length);
    byte[] magic = whole.readNBytes(ZSTD_MAGIC.length);
    whole.unread(magic);
    if (magic.length == ZSTD_MAGIC.length && magic[0] == 0x1f && magic[1] == (byte) 0x8b) {
      return new GZIPInputStream(whole, CHUNK_BYTES);
    }
    return Arrays.equals(magic, ZSTD_MAGIC) ? new ZstdInputStreamNoFinalizer(whole) : whole;
  }

  private static boolean hasMagic(byte[] head) {
    for (int i = 0; i < TAR_MAGIC.length; i++) {
      if (head[TAR_MAGIC_OFFSET + i] != TAR_MAGIC[i]) {
        return false;
      }
    }
    return true;
  }
}
