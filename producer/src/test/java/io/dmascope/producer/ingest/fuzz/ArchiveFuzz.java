package io.dmascope.producer.ingest.fuzz;

import io.dmascope.producer.ingest.ReadOptions;
import io.dmascope.producer.ingest.TraceReader;
import io.dmascope.producer.ingest.rig.RigCapture;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/** Any bytes at all in a file, which may be an archive of the capture kit. */
public final class ArchiveFuzz {
  private ArchiveFuzz() {}

  /** Where Jazzer enters. */
  public static void fuzzerTestOneInput(byte[] data) throws IOException {
    Path file = Files.createTempFile("dmascope-fuzz", "");
    try {
      Files.write(file, data);
      WellFormedCapture.check(() -> reader(file));
    } finally {
      Files.delete(file);
    }
  }

  private static TraceReader reader(Path file) throws IOException {
    RigCapture capture =
        RigCapture.open(
            file.toString(),
            InputStream.nullInputStream(),
            ReadOptions.DEFAULT,
            RigCapture.Options.DEFAULT);
    return sink -> {
      try (capture) {
        capture.read(sink);
      }
    };
  }

  /** Writes the seeds: archives, and the same compressed. */
  public static void main(String[] args) throws IOException {
    Path directory = Path.of(args[0]);
    CompanionsFuzz.main(new String[] {directory.resolve("companions").toString()});
    Seeds.write(directory.resolve("texts"), "misuse-direct-612/trace.txt.*|.*opt_fields.*");
    byte[] manifest = Files.readAllBytes(directory.resolve("companions/manifest"));
    byte[] dmesg = Files.readAllBytes(directory.resolve("companions/dmesg"));
    try (var texts = Files.list(directory.resolve("texts"))) {
      for (Path text : texts.sorted().toList()) {
        byte[] tar = tar(Files.readAllBytes(text), manifest, dmesg);
        Files.write(directory.resolve(text.getFileName() + ".tar"), tar);
        Files.write(directory.resolve(text.getFileName() + ".tgz"), gzip(tar));
      }
    }
  }

  private static byte[] tar(byte[] trace, byte[] manifest, byte[] dmesg) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes)) {
      put(tar, "k/manifest.json", manifest);
      put(tar, "k/dmesg.txt", dmesg);
      put(tar, "k/format/dma/dma_alloc/format", "x".getBytes(StandardCharsets.UTF_8));
      put(tar, "k/trace.txt", trace);
    }
    return bytes.toByteArray();
  }

  private static void put(TarArchiveOutputStream tar, String name, byte[] content)
      throws IOException {
    TarArchiveEntry entry = new TarArchiveEntry(name);
    entry.setSize(content.length);
    tar.putArchiveEntry(entry);
    tar.write(content);
    tar.closeArchiveEntry();
  }

  private static byte[] gzip(byte[] content) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
      out.write(content);
    }
    return bytes.toByteArray();
  }
}
