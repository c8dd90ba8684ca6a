package io.dmascope.cli;

import io.dmascope.producer.ingest.ReadOptions;
import io.dmascope.producer.ingest.rig.Companions;
import io.dmascope.producer.ingest.rig.RigCapture;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;
import picocli.CommandLine.Option;

/** Files that belong to a recording, and where they are when they do not lie beside it. */
final class CompanionOptions {
  private static final int NS_DIGITS = 9;

  @Option(
      names = "--manifest",
      paramLabel = "FILE",
      description =
          "What is known of the rig (docs/rig-manifest.md). Default: beside the recording or in its"
              + " archive, NAME.manifest.json or manifest.json.")
  private Path manifest;

  @Option(
      names = "--dmesg",
      paramLabel = "FILE",
      description =
          "The rig's kernel log, for its IOMMU faults. Default: beside the recording or in its"
              + " archive, NAME.dmesg.txt or dmesg.txt.")
  private Path dmesg;

  @Option(
      names = "--dmesg-offset",
      paramLabel = "SECONDS",
      description =
          "Trace stamp minus kernel log stamp of one moment. Default: found from what stands in"
              + " both.")
  private BigDecimal dmesgOffset;

  @Option(
      names = "--probe",
      paramLabel = "FILE",
      description =
          "What the probe recorder saw (docs/probes.md). Default: beside the recording or in its"
              + " archive, NAME.probe.txt or probe.txt.")
  private Path probe;

  RigCapture open(String file, Terminal terminal, ReadOptions readOptions) throws IOException {
    return open(file, terminal.in(), readOptions);
  }

  RigCapture open(String file, InputStream standardInput, ReadOptions readOptions)
      throws IOException {
    return RigCapture.open(file, standardInput, readOptions, options());
  }

  RigCapture follow(Path file, InputStream live, ReadOptions readOptions) throws IOException {
    return RigCapture.follow(file, live, readOptions, options());
  }

  private RigCapture.Options options() {
    Companions named =
        new Companions(
            Optional.ofNullable(manifest), Optional.ofNullable(dmesg), Optional.ofNullable(probe));
    return new RigCapture.Options(named, offsetNs());
  }

  private OptionalLong offsetNs() {
    if (dmesgOffset == null) {
      return OptionalLong.empty();
    }
    try {
      return OptionalLong.of(dmesgOffset.movePointRight(NS_DIGITS).longValueExact());
    } catch (ArithmeticException e) {
      throw new CommandException(
          "--dmesg-offset %s is not a number of seconds with at most nine decimals"
              .formatted(dmesgOffset.toPlainString()));
    }
  }
}
