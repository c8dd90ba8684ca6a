package io.dmascope.cli;

import io.dmascope.model.event.CaptureFacts;
import io.dmascope.model.rig.RigDevice;
import io.dmascope.model.rig.RigDevice.DmaLimits;
import io.dmascope.model.rig.RigManifest;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;

/** What a replay takes for true in place of what was recorded. */
final class ModelAssumptions {
  /** Every key, and what it does to the facts of a capture. */
  private static final Map<String, BiFunction<CaptureFacts, String, CaptureFacts>> KEYS =
      new TreeMap<>(
          Map.of(
              "complete-start",
              (facts, value) -> withCompleteStart(facts, truth("complete-start", value)),
              "kernel",
              ModelAssumptions::withKernel,
              "max-segment-bytes",
              (facts, value) -> {
                long bytes = number("max-segment-bytes", value, 1);
                return withLimits(
                    facts,
                    l ->
                        new DmaLimits(
                            l.dmaMaskBits(),
                            l.coherentMaskBits(),
                            l.busLimitAddr(),
                            OptionalLong.of(bytes),
                            l.segmentBoundaryMask(),
                            l.minAlignMask()));
              },
              "segment-boundary",
              (facts, value) -> {
                long mask = number("segment-boundary", value, 0);
                return withLimits(
                    facts,
                    l ->
                        new DmaLimits(
                            l.dmaMaskBits(),
                            l.coherentMaskBits(),
                            l.busLimitAddr(),
                            l.maxSegmentSizeBytes(),
                            OptionalLong.of(mask),
                            l.minAlignMask()));
              },
              "dma-mask-bits",
              (facts, value) -> {
                long bits = number("dma-mask-bits", value, 1);
                if (bits > 64) {
                  throw wrong("dma-mask-bits", "1 to 64", value);
                }
                return withLimits(
                    facts,
                    l ->
                        new DmaLimits(
                            OptionalInt.of((int) bits),
                            l.coherentMaskBits(),
                            l.busLimitAddr(),
                            l.maxSegmentSizeBytes(),
                            l.segmentBoundaryMask(),
                            l.minAlignMask()));
              }));

  private static final CaptureFacts ANY = new CaptureFacts("", "", "", "", "", false);

  private final Map<String, String> given;

  /**
   * @throws CommandException where a key or a value is none
   */
  ModelAssumptions(Map<String, String> given) {
    this.given = new TreeMap<>(given);
    this.given.forEach(
        (key, value) -> {
          if (!KEYS.containsKey(key)) {
            throw new CommandException(
                "--model knows no " + key + "; it knows " + String.join(", ", KEYS.keySet()));
          }
          var _ = KEYS.get(key).apply(ANY, value); // so that a wrong value is told now
        });
  }

  /** Returns the facts with what is assumed. */
  CaptureFacts applyTo(CaptureFacts recorded) {
    CaptureFacts facts = recorded;
    for (Map.Entry<String, String> assumption : given.entrySet()) {
      facts = KEYS.get(assumption.getKey()).apply(facts, assumption.getValue());
    }
    return facts;
  }

  private static CaptureFacts withKernel(CaptureFacts f, String release) {
    return new CaptureFacts(
        f.captureId(), f.file(), f.format(), release, f.clock(), f.completeStart(), f.rig());
  }

  private static CaptureFacts withCompleteStart(CaptureFacts f, boolean complete) {
    return new CaptureFacts(
        f.captureId(), f.file(), f.format(), f.kernelRelease(), f.clock(), complete, f.rig());
  }

  /** Limits of every device of the manifest; a capture without one has none to change. */
  private static CaptureFacts withLimits(CaptureFacts f, UnaryOperator<DmaLimits> change) {
    RigManifest rig =
        f.rig()
            .withDevices(
                f.rig().devices().stream().map(device -> withLimits(device, change)).toList());
    return new CaptureFacts(
        f.captureId(), f.file(), f.format(), f.kernelRelease(), f.clock(), f.completeStart(), rig);
  }

  private static RigDevice withLimits(RigDevice d, UnaryOperator<DmaLimits> change) {
    return new RigDevice(
        d.name(),
        d.bus(),
        d.driver(),
        d.parent(),
        d.iommuGroup(),
        d.coherent(),
        change.apply(d.dmaLimits()),
        d.pci(),
        d.queues());
  }

  private static boolean truth(String key, String value) {
    return switch (value) {
      case "true" -> true;
      case "false" -> false;
      default -> throw wrong(key, "true or false", value);
    };
  }

  private static long number(String key, String value, long min) {
    try {
      long number =
          value.startsWith("0x")
              ? Long.parseUnsignedLong(value.substring(2), 16)
              : Long.parseLong(value);
      if (value.startsWith("0x") || number >= min) {
        return number;
      }
    } catch (NumberFormatException e) {
      // the sentence below says what was expected
    }
    throw wrong(key, "a number of at least " + min, value);
  }

  private static CommandException wrong(String key, String expected, String value) {
    return new CommandException("--model " + key + " takes " + expected + ", not " + value);
  }
}
