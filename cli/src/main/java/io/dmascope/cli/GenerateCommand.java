package io.dmascope.cli;

import io.dmascope.model.event.TraceEvent;
import io.dmascope.model.event.TraceIssue;
import io.dmascope.producer.ingest.EventSink;
import io.dmascope.producer.synthetic.SyntheticCapture;
import io.dmascope.producer.synthetic.fault.Injected;
import io.dmascope.producer.synthetic.machine.Chance;
import io.dmascope.producer.synthetic.recording.RecordingFault;
import io.dmascope.producer.write.CaptureWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Makes up a recording. */
@Command(
    name = "generate",
    mixinStandardHelpOptions = true,
    description = "Make up a recording of drivers at work; the same seed gives the same bytes.",
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {
      "0:all is written, or stored by Kafka",
      "2:the output could not be written, or the command line is wrong"
    },
    footer = {
      "",
      "Examples:",
      "  dmascope generate --profile nvme -o nvme.txt",
      "  dmascope generate --profile nvme -o nvme.dat",
      "  dmascope generate --profile mix --backend strict | dmascope check -",
      "  dmascope generate --break all --truth truth.jsonl -o broken.txt",
      "  dmascope generate --to-kafka --rigs 50 --rate 500k --events 10000000"
    })
final class GenerateCommand implements Callable<Integer> {
  private static final String TASK = "generating";
  private static final int PROGRESS_EVERY = 1 << 12;

  private final Terminal terminal;

  @Mixin private MachineOptions machine = new MachineOptions();
  @Mixin private MischiefOptions mischief = new MischiefOptions();
  @Mixin private OutputOptions output = new OutputOptions();

  @Option(
      names = "--recording",
      paramLabel = "FAULT",
      defaultValue = "none",
      converter = RecordingName.class,
      completionCandidates = RecordingName.class,
      description = "What went wrong with the recording: ${COMPLETION-CANDIDATES}. Default: none.")
  private RecordingFault recording;

  @Option(
      names = "--to-kafka",
      description =
          "Publish instead of writing: a load for the pipeline, until it is made up. Engines pass"
              + " over captures that they know: a second load needs a --seed of its own.")
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

  GenerateCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws IOException {
    if (toKafka) {
      refuseWhatKafkaDoesNotTake();
      return new KafkaLoad(terminal, kafka, rate).run(captures(), machine.events() * rigs);
    }
    if (rigs != 1) {
      throw new CommandException("several rigs go to Kafka only: add --to-kafka");
    }
    if (rate != 0) {
      throw new CommandException("--rate is that of --to-kafka: add it, or leave --rate out");
    }
    if (machine.probes() && output.holdsTracepointsOnly()) {
      throw new CommandException(
          "a trace.dat holds tracepoints only: leave out --probes, or write text or avro");
    }
    List<Injected> truth = new ArrayList<>();
    SyntheticCapture capture =
        new SyntheticCapture(machine.spec(0), mischief.plan(machine.seed(), truth));
    try (CaptureWriter writer = output.writer(terminal);
        Progress progress = progress()) {
      write(capture, new Writing(writer, progress));
    } catch (UncheckedIOException e) {
      if (!output.toStandardOutput()) {
        throw e.getCause();
      }
      // Standard output keeps its own failure: Terminal.finish() tells the shell.
    }
    mischief.tell(truth);
    output.describe(capture.manifest());
    return ExitCode.OK;
  }

  private void refuseWhatKafkaDoesNotTake() {
    if (output.isGiven()) {
      throw new CommandException(
          "--to-kafka writes no file: leave out -o, --format and --manifest");
    }
    if (mischief.tellsTruth()) {
      throw new CommandException("--truth tells of one file's faults: leave out --to-kafka");
    }
    if (recording != RecordingFault.NONE) {
      throw new CommandException(
          "--recording spoils one file: write it, and publish that instead of --to-kafka");
    }
  }

  private Progress progress() {
    return output.toStandardOutput()
        ? Progress.besideOutput(terminal, TASK, Progress.Unit.EVENTS, machine.events())
        : new Progress(terminal, TASK, Progress.Unit.EVENTS, machine.events());
  }

  private void write(SyntheticCapture capture, EventSink writing) {
    if (recording == RecordingFault.NONE) {
      capture.read(writing);
      return;
    }
    Kept kept = new Kept();
    capture.read(kept);
    Chance chance = new Chance(machine.seed()).split("recording");
    recording.applyTo(kept.events, chance).forEach(writing::event);
  }

  private List<SyntheticCapture> captures() {
    List<SyntheticCapture> captures = new ArrayList<>();
    for (int rig = 0; rig < rigs; rig++) {
      captures.add(
          new SyntheticCapture(
              machine.spec(rig), mischief.plan(machine.seed(), new ArrayList<>())));
    }
    return captures;
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
          if (output.toStandardOutput() && terminal.outIsBroken()) {
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
}
