package io.dmascope.cli;

import io.dmascope.model.event.TraceEvent;
import io.dmascope.model.event.TraceIssue;
import io.dmascope.producer.ingest.EventSink;
import io.dmascope.producer.synthetic.CaptureSpec;
import io.dmascope.producer.synthetic.SyntheticCapture;
import io.dmascope.producer.synthetic.machine.Backend;
import io.dmascope.producer.synthetic.machine.Generation;
import io.dmascope.producer.synthetic.machine.Machine;
import io.dmascope.producer.synthetic.profile.Load;
import io.dmascope.producer.synthetic.profile.Profile;
import io.dmascope.producer.synthetic.profile.Sizes;
import io.dmascope.producer.write.CaptureWriter;
import io.dmascope.producer.write.FtraceTextWriter;
import java.io.BufferedWriter;
import java.io.FilterWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Makes up a recording. */
@Command(
    name = "generate",
    mixinStandardHelpOptions = true,
    description = "Make up a recording of drivers at work; the same seed gives the same bytes.",
    footer = {
      "",
      "Examples:",
      "  dmascope generate --profile nvme -o nvme.txt",
      "  dmascope generate --profile mix --backend strict | dmascope check -"
    })
final class GenerateCommand implements Callable<Integer> {
  private static final String STANDARD_OUTPUT = "-";
  private static final int PROGRESS_EVERY = 1 << 12;

  private final Terminal terminal;

  @Option(
      names = "--profile",
      paramLabel = "NAME",
      defaultValue = "mix",
      converter = ProfileName.class,
      description = "What works: ${COMPLETION-CANDIDATES}. Default: mix.",
      completionCandidates = ProfileName.class)
  private Profile profile;

  @Option(
      names = "--backend",
      paramLabel = "KIND",
      defaultValue = "direct",
      description = "direct, swiotlb (everything bounced), strict or lazy. Default: direct.")
  private Backend backend;

  @Option(
      names = "--kernel",
      paramLabel = "RELEASE",
      defaultValue = "6.12",
      converter = GenerationName.class,
      description = "Whose tracepoints: 6.12 or 7.3. Default: 6.12.")
  private Generation generation;

  @Option(
      names = "--cpus",
      paramLabel = "N",
      defaultValue = "4",
      description = "CPUs of the machine. Default: 4.")
  private int cpus;

  @Option(
      names = "--dma-debug",
      description = "A kernel built with CONFIG_DMA_API_DEBUG, which traces every sync.")
  private boolean dmaDebug;

  @Option(
      names = "--probes",
      description = "A recorder that also watches what stock tracepoints do not tell.")
  private boolean probes;

  @Option(
      names = "--queue-depth",
      paramLabel = "N",
      description = "Requests under way at once, for each queue. Default: the profile's.")
  private int queueDepth;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "1",
      description = "Decides everything left to chance. Default: 1.")
  private long seed;

  @Option(
      names = "--events",
      paramLabel = "N",
      defaultValue = "100000",
      description = "Drivers are told to stop after N events. Default: 100000.")
  private long events;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FILE",
      defaultValue = STANDARD_OUTPUT,
      description = "Where to; - is standard output, the default.")
  private String output;

  GenerateCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws IOException {
    SyntheticCapture capture = new SyntheticCapture(spec());
    try (CaptureWriter writer = writer();
        Progress progress = new Progress(terminal, "generating", Progress.Unit.EVENTS, events)) {
      capture.read(new Writing(writer, progress));
    } catch (UncheckedIOException e) {
      if (!output.equals(STANDARD_OUTPUT)) {
        throw e.getCause();
      }
      // Standard output keeps its own failure: Terminal.finish() tells the shell.
    }
    return ExitCode.OK;
  }

  private CaptureSpec spec() {
    Load usual = profile.usualLoad();
    int depth = queueDepth == 0 ? usual.queueDepth() : queueDepth;
    try {
      return new CaptureSpec(
          "%s-%d".formatted(profile.key(), seed),
          seed,
          new Machine.Spec(generation, backend, cpus, dmaDebug, probes),
          profile,
          new Load(depth, usual.latencyNs()),
          Sizes.USUAL,
          events,
          Long.MAX_VALUE >> 1);
    } catch (IllegalArgumentException e) {
      throw new CommandException(e.getMessage(), e);
    }
  }

  private CaptureWriter writer() throws IOException {
    if (output.equals(STANDARD_OUTPUT)) {
      return new FtraceTextWriter(new KeptOpen(terminal.out()));
    }
    return new FtraceTextWriter(
        new BufferedWriter(
            Files.newBufferedWriter(Path.of(output), StandardCharsets.US_ASCII), 1 << 16));
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

  private final class Writing implements EventSink {
    private final CaptureWriter writer;
    private final Progress progress;
    private long written;

    Writing(CaptureWriter writer, Progress progress) {
      this.writer = writer;
      this.progress = progress;
    }

    @Override
    public void event(TraceEvent event) {
      try {
        writer.event(event);
        if (++written % PROGRESS_EVERY == 0) {
          progress.at(written);
          if (output.equals(STANDARD_OUTPUT) && terminal.outIsBroken()) {
            throw new IOException("nobody reads the output");
          }
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public void issue(TraceIssue issue) {
      throw new IllegalStateException("a made-up capture has no issues: " + issue.message());
    }
  }

  /** Profiles by the names users give them. */
  static final class ProfileName extends NamedChoice<Profile> {
    ProfileName() {
      super("profile", Arrays.asList(Profile.values()), Profile::key);
    }
  }

  /** Kernels by the beginning of their release. */
  static final class GenerationName extends NamedChoice<Generation> {
    GenerationName() {
      super(
          "kernel",
          Arrays.asList(Generation.values()),
          generation -> generation.release().replaceFirst("\\.\\d+$", ""));
    }
  }
}
