package io.dmascope.cli;

import io.dmascope.model.event.TraceEvent;
import io.dmascope.model.event.TraceIssue;
import io.dmascope.producer.ingest.EventSink;
import io.dmascope.producer.synthetic.CaptureSpec;
import io.dmascope.producer.synthetic.SyntheticCapture;
import io.dmascope.producer.synthetic.fault.Fault;
import io.dmascope.producer.synthetic.fault.FaultCatalogue;
import io.dmascope.producer.synthetic.fault.FaultPlan;
import io.dmascope.producer.synthetic.fault.Injected;
import io.dmascope.producer.synthetic.machine.Backend;
import io.dmascope.producer.synthetic.machine.Chance;
import io.dmascope.producer.synthetic.machine.Generation;
import io.dmascope.producer.synthetic.machine.Machine;
import io.dmascope.producer.synthetic.profile.Load;
import io.dmascope.producer.synthetic.profile.Profile;
import io.dmascope.producer.synthetic.profile.Sizes;
import io.dmascope.producer.synthetic.recording.RecordingFault;
import io.dmascope.producer.write.AvroFileWriter;
import io.dmascope.producer.write.CaptureWriter;
import io.dmascope.producer.write.FtraceTextWriter;
import io.dmascope.producer.write.TruthWriter;
import java.io.BufferedOutputStream;
import java.io.FilterWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** Makes up a recording. */
@Command(
    name = "generate",
    mixinStandardHelpOptions = true,
    description = "Make up a recording of drivers at work; the same seed gives the same bytes.",
    footer = {
      "",
      "Examples:",
      "  dmascope generate --profile nvme -o nvme.txt",
      "  dmascope generate --profile mix --backend strict | dmascope check -",
      "  dmascope generate --break all --truth truth.jsonl -o broken.txt",
      "  dmascope generate --to-kafka --rigs 50 --rate 500k --events 10000000"
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

  @Option(
      names = "--format",
      paramLabel = "KIND",
      defaultValue = "text",
      description = "text of tracefs, or avro: a container file of event chunks. Default: text.")
  private Format format;

  @Option(
      names = "--break",
      paramLabel = "RULE",
      split = ",",
      description = "Rules to break, or all; as rules lists them. Default: none.")
  private List<String> broken = List.of();

  @Option(
      names = "--every",
      paramLabel = "N",
      defaultValue = "1000",
      description = "Break them at one call in N that allows it, on average. Default: 1000.")
  private int every;

  @Option(
      names = "--recording",
      paramLabel = "FAULT",
      defaultValue = "none",
      converter = RecordingName.class,
      completionCandidates = RecordingName.class,
      description = "What went wrong with the recording: ${COMPLETION-CANDIDATES}. Default: none.")
  private RecordingFault recording;

  @Option(
      names = "--truth",
      paramLabel = "FILE",
      description = "Where what was done wrong is told: JSON, an object a line.")
  private Path truthFile;

  @Option(
      names = "--to-kafka",
      description = "Publish instead of writing: a load for the pipeline, until it is made up.")
  private boolean toKafka;

  @Option(
      names = "--rigs",
      paramLabel = "N",
      defaultValue = "1",
      description = "With --to-kafka: so many rigs at once, each with its own seed. Default: 1.")
  private int rigs;

  @Option(
      names = "--rate",
      paramLabel = "EVENTS",
      defaultValue = "0",
      converter = EventRate.class,
      description =
          "With --to-kafka: events a second of all rigs, such as 500k. Default: as fast as it"
              + " goes.")
  private long rate;

  @Mixin private KafkaOptions kafka = new KafkaOptions();

  /** What is written. */
  enum Format {
    TEXT,
    AVRO
  }

  GenerateCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws IOException {
    if (toKafka) {
      return new KafkaLoad(terminal, kafka, rate).run(captures(), events * rigs);
    }
    if (rigs != 1) {
      throw new CommandException("several rigs go to Kafka only: add --to-kafka");
    }
    List<Injected> truth = new ArrayList<>();
    SyntheticCapture capture = new SyntheticCapture(spec(seed), plan(truth));
    try (CaptureWriter writer = writer();
        Progress progress = new Progress(terminal, "generating", Progress.Unit.EVENTS, events)) {
      Writing writing = new Writing(writer, progress);
      if (recording == RecordingFault.NONE) {
        capture.read(writing);
      } else {
        Kept kept = new Kept();
        capture.read(kept);
        recording.applyTo(kept.events, new Chance(seed).split("recording")).forEach(writing::event);
      }
    } catch (UncheckedIOException e) {
      if (!output.equals(STANDARD_OUTPUT)) {
        throw e.getCause();
      }
      // Standard output keeps its own failure: Terminal.finish() tells the shell.
    }
    if (truthFile != null) {
      tell(truth);
    }
    return ExitCode.OK;
  }

  private List<SyntheticCapture> captures() {
    List<SyntheticCapture> captures = new ArrayList<>();
    for (int rig = 0; rig < rigs; rig++) {
      captures.add(new SyntheticCapture(spec(seed + rig), plan(new ArrayList<>())));
    }
    return captures;
  }

  private static String breakable() {
    return FaultCatalogue.faults().stream()
        .map(Fault::ruleId)
        .distinct()
        .sorted()
        .collect(Collectors.joining(" "));
  }

  /** Null where nothing is to be broken. */
  private FaultPlan plan(List<Injected> truth) {
    if (broken.isEmpty()) {
      return null;
    }
    Chance chance = new Chance(seed).split("plan");
    List<FaultPlan.Planned> planned = new ArrayList<>();
    for (String rule : broken) {
      List<Fault<?>> faults =
          rule.equalsIgnoreCase("all")
              ? FaultCatalogue.faults()
              : FaultCatalogue.breaking(rule.toUpperCase(Locale.ROOT));
      if (faults.isEmpty()) {
        throw new CommandException(
            "no fault breaks rule %s; there is one for: %s".formatted(rule, breakable()));
      }
      faults.forEach(
          fault ->
              planned.add(
                  new FaultPlan.Planned(fault, chance.below(every), every, Long.MAX_VALUE)));
    }
    return new FaultPlan(planned, chance, truth::add);
  }

  private void tell(List<Injected> truth) throws IOException {
    try (TruthWriter writer = new TruthWriter(Files.newBufferedWriter(truthFile))) {
      for (Injected injected : truth) {
        writer.injected(injected);
      }
    }
  }

  private CaptureSpec spec(long seed) {
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
    boolean toStandardOutput = output.equals(STANDARD_OUTPUT);
    if (format == Format.AVRO) {
      if (toStandardOutput) {
        throw new CommandException("an Avro file is binary: give it a name with -o");
      }
      return new AvroFileWriter(
          new BufferedOutputStream(Files.newOutputStream(Path.of(output)), 1 << 16));
    }
    return new FtraceTextWriter(
        toStandardOutput
            ? new KeptOpen(terminal.out())
            : Files.newBufferedWriter(Path.of(output), StandardCharsets.US_ASCII));
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

  private static final class Kept implements EventSink {
    final List<TraceEvent> events = new ArrayList<>();

    @Override
    public void event(TraceEvent event) {
      events.add(event);
    }

    @Override
    public void issue(TraceIssue issue) {
      throw new IllegalStateException("a made-up capture has no issues: " + issue.message());
    }
  }

  /** Recording faults by the names users give them. */
  static final class RecordingName extends NamedChoice<RecordingFault> {
    RecordingName() {
      super("recording fault", Arrays.asList(RecordingFault.values()), RecordingFault::key);
    }
  }

  /** A number of events a second, also with k or M. */
  static final class EventRate implements ITypeConverter<Long> {
    private static final Pattern RATE = Pattern.compile("(\\d{1,12})([kKmM]?)");

    @Override
    public Long convert(String value) {
      Matcher rate = RATE.matcher(value);
      if (!rate.matches()) {
        throw new TypeConversionException(
            "'%s' is no rate; 500000, 500k and 2M are".formatted(value));
      }
      long unit =
          switch (rate.group(2).toLowerCase(Locale.ROOT)) {
            case "k" -> 1_000;
            case "m" -> 1_000_000;
            default -> 1;
          };
      return Long.parseLong(rate.group(1)) * unit;
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
