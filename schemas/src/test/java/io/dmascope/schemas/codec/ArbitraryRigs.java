package io.dmascope.schemas.codec;

import io.dmascope.model.rig.ClockPair;
import io.dmascope.model.rig.HostBridge;
import io.dmascope.model.rig.MemoryRange;
import io.dmascope.model.rig.PciFunction;
import io.dmascope.model.rig.RecordingSetup;
import io.dmascope.model.rig.RigCpu;
import io.dmascope.model.rig.RigDevice;
import io.dmascope.model.rig.RigIommu;
import io.dmascope.model.rig.RigIommuGroup;
import io.dmascope.model.rig.RigManifest;
import io.dmascope.model.rig.SwiotlbPool;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** Machines of which anything may be unknown. */
record ArbitraryRigs(Random random) {
  RigManifest rig() {
    return new RigManifest(
        text(),
        text(),
        text(),
        integer(),
        maybe(this::cpu),
        list(this::device),
        list(this::group),
        list(() -> new HostBridge(text(), list(() -> new HostBridge.Window(number(), number())))),
        list(() -> new MemoryRange(number(), number(), text(), random.nextInt(4))),
        maybe(() -> new SwiotlbPool(aLong(), aLong(), aLong())),
        setup(),
        text(),
        maybe(() -> new RigIommu(text(), text())),
        maybe(() -> new ClockPair(text(), number(), number())));
  }

  private RigCpu cpu() {
    return new RigCpu(text(), integer(), integer(), integer(), integer());
  }

  private RigDevice device() {
    return new RigDevice(
        text(),
        text(),
        text(),
        text(),
        integer(),
        maybe(random::nextBoolean),
        new RigDevice.DmaLimits(integer(), integer(), aLong(), aLong(), aLong(), aLong()),
        maybe(this::function),
        list(() -> new RigDevice.BlockQueue(text(), integer(), aLong(), aLong())));
  }

  private PciFunction function() {
    return new PciFunction(
        integer(),
        integer(),
        integer(),
        maybe(() -> one(PciFunction.PortType.values())),
        maybe(() -> new PciFunction.Acs(bool(), bool(), bool(), bool())),
        list(() -> new PciFunction.Bar(random.nextInt(7), number(), number(), aLong(), bool())),
        maybe(() -> new PciFunction.P2pMemory(aLong(), maybe(random::nextBoolean))));
  }

  private RigIommuGroup group() {
    return new RigIommuGroup(
        random.nextInt(),
        maybe(() -> one(RigIommuGroup.DomainType.values())),
        list(() -> new RigIommuGroup.Reserved(number(), number(), text())));
  }

  private RecordingSetup setup() {
    return new RecordingSetup(
        text(),
        text(),
        aLong(),
        maybe(() -> list(this::text)),
        maybe(() -> list(this::text)),
        list(this::text),
        list(
            () ->
                new RecordingSetup.CpuBuffer(
                    random.nextInt(64), aLong(), aLong(), aLong(), aLong(), aLong())));
  }

  private <T> Optional<T> maybe(Supplier<T> member) {
    return bool() ? Optional.of(member.get()) : Optional.empty();
  }

  private OptionalInt integer() {
    return bool() ? OptionalInt.of(random.nextInt()) : OptionalInt.empty();
  }

  private OptionalLong aLong() {
    return bool() ? OptionalLong.of(number()) : OptionalLong.empty();
  }

  private <T> List<T> list(Supplier<T> element) {
    return Stream.generate(element).limit(random.nextInt(4)).toList();
  }

  private long number() {
    return bool() ? random.nextLong() : random.nextInt(100);
  }

  private String text() {
    return one(new String[] {"", "0000:03:00.0", "übung", "DMA-FQ"});
  }

  private boolean bool() {
    return random.nextBoolean();
  }

  private <T> T one(T[] values) {
    return values[random.nextInt(values.length)];
  }
}
