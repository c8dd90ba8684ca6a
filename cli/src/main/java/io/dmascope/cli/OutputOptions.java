package io.dmascope.cli;

import io.dmascope.model.rig.RigManifest;
import io.dmascope.producer.ingest.rig.Companions;
import io.dmascope.producer.ingest.rig.RigManifestJson;
import io.dmascope.producer.write.AvroFileWriter;
import io.dmascope.producer.write.CaptureWriter;
import io.dmascope.producer.write.FtraceTextWriter;
import io.dmascope.producer.write.TraceDatWriter;
import java.io.BufferedOutputStream;
import java.io.FilterWriter;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Options that say in which format a capture is written, and where. */
final class OutputOptions {
  private static final String STANDARD_OUTPUT = "-";
  private static final String NOWHERE = "-";

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FILE",
      defaultValue = STANDARD_OUTPUT,
      description = "Where to; - is standard output, the default.")
  private String output;

  @Option(
      names = "--format",
      paramLabel = "KIND",
      converter = FormatName.class,
      completionCandidates = FormatName.class,
      description =
          "text of tracefs; avro: a container file of event chunks; trace-dat: as trace-cmd"
              + " records it, version 7 with zstd, or not compressed (trace-dat-plain), or version"
              + " 6 (trace-dat-v6). Default: what FILE's name ends in, .avro or .dat, or text.")
  private Format format;

  @Option(
      names = "--manifest",
      paramLabel = "FILE",
      description =
          "Where the machine is described (docs/rig-manifest.md); - is nowhere. Default: beside the"
              + " output, where check looks for it.")
  private String manifest;

  /** What is written. */
  enum Format {
    TEXT,
    AVRO,
    TRACE_DAT,
    TRACE_DAT_PLAIN,
    TRACE_DAT_V6;

    String key() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  /** True where anything was said about a file. */
  boolean isGiven() {
    return !toStandardOutput() || format != null || manifest != null;
  }

  boolean toStandardOutput() {
    return output.equals(STANDARD_OUTPUT);
  }

  /** True where only what tracepoints tell can be written. */
  boolean holdsTracepointsOnly() {
    return switch (format()) {
      case TEXT, AVRO -> false;
      case TRACE_DAT, TRACE_DAT_PLAIN, TRACE_DAT_V6 -> true;
    };
  }

  private Format format() {
    if (format != null) {
      return format;
    }
    if (output.endsWith(".dat")) {
      return Format.TRACE_DAT;
    }
    return output.endsWith(".avro") ? Format.AVRO : Format.TEXT;
  }

  CaptureWriter writer(Terminal terminal) throws IOException {
    if (format() != Format.TEXT && toStandardOutput()) {
      throw new CommandException(
          "%s is binary: give it a file's name with -o".formatted(format().key()));
    }
    return switch (format()) {
      case TEXT ->
          new FtraceTextWriter(
              toStandardOutput()
                  ? new KeptOpen(terminal.out())
                  : Files.newBufferedWriter(Path.of(output), StandardCharsets.US_ASCII));
      case AVRO ->
          new AvroFileWriter(
              new BufferedOutputStream(Files.newOutputStream(Path.of(output)), 1 << 16));
      case TRACE_DAT -> traceDat(TraceDatWriter.Shape.VERSION_7_ZSTD);
      case TRACE_DAT_PLAIN -> traceDat(TraceDatWriter.Shape.VERSION_7);
      case TRACE_DAT_V6 -> traceDat(TraceDatWriter.Shape.VERSION_6);
    };
  }

  /** Writes the machine's manifest; an Avro file carries it, and nothing lies beside a pipe. */
  void describe(RigManifest rig) throws IOException {
    Optional<Path> file =
        manifest != null
            ? Optional.of(manifest).filter(name -> !name.equals(NOWHERE)).map(Path::of)
            : Optional.of(Path.of(output))
                .filter(_ -> !toStandardOutput() && format() != Format.AVRO)
                .map(Companions::manifestBeside);
    if (file.isPresent()) {
      Files.writeString(file.get(), RigManifestJson.write(rig));
    }
  }

  private CaptureWriter traceDat(TraceDatWriter.Shape shape) {
    return new TraceDatWriter(Path.of(output), shape);
  }

  /** Standard output is not a writer's to close. */
  private static final class KeptOpen extends FilterWriter {
    KeptOpen(Writer out) {
      super(out);
    }

    @Override
    public void close() throws IOException {
      flush();
    }
  }

  /** Formats by the names users give them. */
  static final class FormatName extends NamedChoice<Format> {
    FormatName() {
      super("format", Arrays.asList(Format.values()), Format::key);
    }
  }
}
