package io.dmascope.cli;

import io.dmascope.producer.synthetic.CaptureSpec;
import io.dmascope.producer.synthetic.machine.Backend;
import io.dmascope.producer.synthetic.machine.Generation;
import io.dmascope.producer.synthetic.machine.Machine;
import io.dmascope.producer.synthetic.profile.Load;
import io.dmascope.producer.synthetic.profile.Profile;
import io.dmascope.producer.synthetic.profile.Sizes;
import java.util.Arrays;
import picocli.CommandLine.Option;

/** Options that say what is made up: a machine, its workload, and how much of it. */
final class MachineOptions {
  private static final long DURATION_NS_MAX = Long.MAX_VALUE >> 1;

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
      names = "--registration-max",
      paramLabel = "BYTES",
      defaultValue = "1G",
      converter = ByteSize.class,
      description = "The largest memory registration of rdma, 2M at least. Default: 1G.")
  private long registrationBytesMax;

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
      names = "--duration",
      paramLabel = "SECONDS",
      description = "Drivers are told to stop after so much of the machine's time, if not before.")
  private double durationSeconds;

  long seed() {
    return seed;
  }

  long events() {
    return events;
  }

  boolean probes() {
    return probes;
  }

  /**
   * What is asked for.
   *
   * @param rig 0 for the machine of the given seed; others have the seeds after it
   */
  CaptureSpec spec(int rig) {
    Load usual = profile.usualLoad();
    int depth = queueDepth == 0 ? usual.queueDepth() : queueDepth;
    try {
      return new CaptureSpec(
          "%s-%d".formatted(profile.key(), seed + rig),
          seed + rig,
          new Machine.Spec(generation, backend, cpus, dmaDebug, probes),
          profile,
          new Load(depth, usual.latencyNs()),
          new Sizes(registrationBytesMax),
          events,
          durationNs());
    } catch (IllegalArgumentException e) {
      throw new CommandException(e.getMessage(), e);
    }
  }

  private long durationNs() {
    if (durationSeconds < 0 || durationSeconds > 1e9) {
      throw new CommandException("a duration is 0 to 1000000000 seconds");
    }
    return durationSeconds == 0 ? DURATION_NS_MAX : (long) (durationSeconds * 1e9);
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
