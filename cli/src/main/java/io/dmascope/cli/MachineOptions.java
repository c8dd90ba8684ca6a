package io.dmascope.cli;

import io.dmascope.producer.synthetic.CaptureSpec;
import io.dmascope.producer.synthetic.SyntheticCapture;
import io.dmascope.producer.synthetic.machine.Backend;
import io.dmascope.producer.synthetic.machine.Generation;
import io.dmascope.producer.synthetic.machine.Layout;
import io.dmascope.producer.synthetic.machine.Machine;
import io.dmascope.producer.synthetic.profile.Load;
import io.dmascope.producer.synthetic.profile.Profile;
import io.dmascope.producer.synthetic.profile.RequestSizes;
import io.dmascope.producer.synthetic.profile.Sizes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

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
      description =
          "direct, swiotlb (everything bounced), identity (an IOMMU that passes through), strict or"
              + " lazy. Default: direct.")
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
      names = "--devices",
      paramLabel = "N",
      defaultValue = "1",
      description = "So many of each device of the profile. Default: 1.")
  private int devices;

  @Option(
      names = "--topology",
      paramLabel = "SHAPE",
      defaultValue = "root-ports",
      converter = TopologyName.class,
      completionCandidates = TopologyName.class,
      description =
          "Where devices are plugged in: ${COMPLETION-CANDIDATES} (two host bridges in turn). The"
              + " p2p profiles say so themselves. Default: root-ports.")
  private Layout.Topology topology;

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
      names = "--sizes",
      paramLabel = "SIZE[:WEIGHT]",
      split = ",",
      converter = SizeShare.class,
      description =
          "Of what size requests, packets, buffers and registrations are, such as 4K:70,64K:30."
              + " Default: the profile's.")
  private List<RequestSizes.Share> sizes = new ArrayList<>();

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
      CaptureSpec spec =
          new CaptureSpec(
              "%s-%d".formatted(profile.key(), seed + rig),
              seed + rig,
              new Machine.Spec(
                  generation, backend, cpus, dmaDebug, probes, new Layout(devices, topology)),
              profile,
              new Load(depth, usual.latencyNs()),
              new Sizes(registrationBytesMax, requests()),
              events,
              durationNs());
      new SyntheticCapture(spec).manifest(); // builds such a machine: is there room for all?
      return spec;
    } catch (IllegalArgumentException e) {
      throw new CommandException(e.getMessage(), e);
    }
  }

  private Optional<RequestSizes> requests() {
    return sizes.isEmpty() ? Optional.empty() : Optional.of(new RequestSizes(sizes));
  }

  private long durationNs() {
    if (durationSeconds < 0 || durationSeconds > 1e9) {
      throw new CommandException("a duration is 0 to 1000000000 seconds");
    }
    return durationSeconds == 0 ? DURATION_NS_MAX : (long) (durationSeconds * 1e9);
  }

  /** Shapes of PCI trees by the names users give them. */
  static final class TopologyName extends NamedChoice<Layout.Topology> {
    TopologyName() {
      super(
          "topology",
          Arrays.asList(Layout.Topology.values()),
          topology -> topology.name().toLowerCase(Locale.ROOT).replace('_', '-'));
    }
  }

  /** Reads a size and its weight, which is 1 where it is left out: {@code 4K:70}. */
  static final class SizeShare implements ITypeConverter<RequestSizes.Share> {
    @Override
    public RequestSizes.Share convert(String text) {
      int colon = text.indexOf(':');
      try {
        return colon < 0
            ? new RequestSizes.Share(new ByteSize().convert(text), 1)
            : new RequestSizes.Share(
                new ByteSize().convert(text.substring(0, colon)),
                Integer.parseInt(text.substring(colon + 1)));
      } catch (IllegalArgumentException e) {
        throw new TypeConversionException(
            "'%s' is no size with a weight; 4K:70 is".formatted(text));
      }
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
