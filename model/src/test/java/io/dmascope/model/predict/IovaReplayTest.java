package io.dmascope.model.predict;

import static org.assertj.core.api.Assertions.assertThat;

import io.dmascope.model.backend.DeviceParameters;
import io.dmascope.model.backend.IommuBackend;
import io.dmascope.model.backend.IommuDomain;
import io.dmascope.model.backend.IommuParameters;
import io.dmascope.model.backend.IommuParameters.AddressRange;
import io.dmascope.model.backend.IommuParameters.FlushPolicy;
import io.dmascope.model.backend.Mapping;
import io.dmascope.model.backend.Moment;
import io.dmascope.model.backend.SwiotlbPool;
import io.dmascope.model.event.DmaDirection;
import io.dmascope.model.event.DmaMap;
import io.dmascope.model.event.DmaUnmap;
import io.dmascope.model.event.DmaUnmapSg;
import io.dmascope.model.event.EventHeader;
import io.dmascope.model.event.EventsLost;
import io.dmascope.model.event.IommuGroupChange;
import io.dmascope.model.event.IommuMap;
import io.dmascope.model.event.IommuUnmap;
import io.dmascope.model.event.MapApi;
import io.dmascope.model.event.TraceEvent;
import io.dmascope.model.event.U64List;
import io.dmascope.model.predict.IovaReport.Unknown;
import io.dmascope.model.rig.RigManifest;
import io.dmascope.model.scatterlist.PhysList;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class IovaReplayTest {
  private static final String DEVICE = "0000:03:00.0";
  private static final int CPUS = 4;

  /** A kernel of our own that traces what it does. */
  private static final class Machine {
    private record Live(Mapping mapping, U64List physAddrs, boolean list) {}

    final List<TraceEvent> events = new ArrayList<>();
    final List<Live> live = new ArrayList<>();
    final IommuBackend backend;

    Machine(FlushPolicy policy, AddressRange... reserved) {
      IommuParameters parameters =
          new IommuParameters(
              IommuParameters.PAGES_4K_2M_1G, 0, OptionalLong.empty(), List.of(reserved), policy);
      backend =
          new IommuBackend(
              DeviceParameters.pci(DEVICE),
              new IommuDomain(parameters, CPUS),
              SwiotlbPool.ofDefaultSize(0x40000000, CPUS));
    }

    EventHeader header(int cpu) {
      int sequence = events.size();
      return new EventHeader(sequence, 50_000L * sequence, cpu, 100 + cpu, "dd", sequence + 1);
    }

    Machine joinsGroup() {
      events.add(new IommuGroupChange(header(0), 3, DEVICE, true));
      return this;
    }

    Machine map(int cpu, long... pages) {
      PhysList input = new PhysList();
      for (long page : pages) {
        input.add(page * 4096, 4096);
      }
      Mapping mapping = (Mapping) backend.mapSg(input, DmaDirection.TO_DEVICE, 0, moment(cpu));
      mapping
          .pageTableRuns()
          .forEach(
              run ->
                  events.add(
                      new IommuMap(header(cpu), run.iova(), run.physAddr(), run.sizeBytes())));
      if (pages.length == 1) {
        events.add(single(cpu, mapping, pages[0]));
        live.add(new Live(mapping, U64List.EMPTY, false));
      } else {
        events.add(Recorded.mapSg(header(cpu), input, mapping));
        long[] addrs = new long[pages.length];
        for (int i = 0; i < addrs.length; i++) {
          addrs[i] = pages[i] * 4096;
        }
        live.add(new Live(mapping, U64List.wrap(addrs), true));
      }
      return this;
    }

    DmaMap single(int cpu, Mapping mapping, long page) {
      return new DmaMap(
          header(cpu),
          DEVICE,
          MapApi.PAGE,
          DmaDirection.TO_DEVICE,
          mapping.dmaAddrs().at(0),
          4096,
          page * 4096,
          0);
    }

    Machine unmap(int cpu, int index) {
      Live gone = live.remove(index);
      Mapping mapping = gone.mapping();
      if (gone.list()) {
        events.add(
            new DmaUnmapSg(header(cpu), DEVICE, DmaDirection.TO_DEVICE, gone.physAddrs(), 0));
      }
      long size = mapping.iovaSizeBytes();
      events.add(new IommuUnmap(header(cpu), mapping.iova(), size, size));
      backend.unmap(mapping, DmaDirection.TO_DEVICE, 0, moment(cpu));
      if (!gone.list()) {
        events.add(
            new DmaUnmap(
                header(cpu),
                DEVICE,
                MapApi.PAGE,
                DmaDirection.TO_DEVICE,
                mapping.dmaAddrs().at(0),
                4096,
                0));
      }
      return this;
    }

    Moment moment(int cpu) {
      return new Moment(50_000L * events.size(), cpu);
    }

    Machine random(long seed, int steps) {
      Random random = new Random(seed);
      for (int i = 0; i < steps; i++) {
        int cpu = random.nextInt(CPUS);
        if (live.isEmpty() || random.nextInt(5) < 3) {
          long[] pages = new long[1 + (random.nextInt(3) == 0 ? random.nextInt(40) : 0)];
          for (int j = 0; j < pages.length; j++) {
            pages[j] = 0x1000 + 1000L * i + 2L * j;
          }
          map(cpu, pages);
        } else {
          unmap(cpu, random.nextInt(live.size()));
        }
      }
      return this;
    }

    /** Lists of single pages, mapped on one CPU and unmapped on another. */
    Machine bursts(long seed, int rounds) {
      Random random = new Random(seed);
      for (int round = 0; round < rounds; round++) {
        int from = random.nextInt(CPUS);
        int to = random.nextInt(CPUS);
        int pages = 1 + random.nextInt(400);
        for (int i = 0; i < pages; i++) {
          map(from, 0x1000 + 1000L * round + i);
        }
        while (!live.isEmpty()) {
          unmap(to, live.size() - 1);
        }
      }
      return this;
    }

    /** The recording begins now. */
    void forgetHistory() {
      events.clear();
    }

    IovaReport verify() {
      CaptureSurvey survey = new CaptureSurvey(RigManifest.UNKNOWN);
      events.forEach(survey::apply);
      PredictionCheck check = new PredictionCheck(survey.parameters());
      events.forEach(check::apply);
      PredictionReport report = check.report();
      assertThat(report.differences()).isEmpty();
      return report.iovas();
    }
  }

  @Property(tries = 40)
  void strictDomainsSeenFromTheirBeginning_arePredictedWhole(@ForAll long seed) {
    IovaReport iovas =
        new Machine(FlushPolicy.STRICT, IommuParameters.X86_MSI)
            .joinsGroup()
            .random(seed, 800)
            .verify();

    assertThat(iovas.policy()).isEqualTo(FlushPolicy.STRICT);
    assertThat(iovas.exact()).isEqualTo(iovas.addresses()).isPositive();
  }

  @Property(tries = 20)
  void ofDomainsInUseBefore_onlyWhatWasFreedSinceIsPredicted(@ForAll long seed) {
    IovaReport iovas = new Machine(FlushPolicy.STRICT).random(seed, 800).verify();

    assertThat(iovas.different()).isZero();
    assertThat(iovas.exact()).isPositive();
    assertThat(iovas.unknown()).containsOnlyKeys(Unknown.BEGAN_LATER);
  }

  /** A recording of a 6.12 kernel at work had 38 of 169 addresses wrong. */
  @Property(tries = 20)
  void ofMagazinesThatWereThereBefore_nothingIsTakenFromTheDepot(@ForAll long seed) {
    Machine machine = new Machine(FlushPolicy.STRICT).bursts(seed, 20);
    machine.forgetHistory();

    IovaReport iovas = machine.bursts(seed + 1, 20).verify();

    assertThat(iovas.policy()).isEqualTo(FlushPolicy.STRICT);
    assertThat(iovas.exact()).isPositive();
    assertThat(iovas.different()).isLessThanOrEqualTo(iovas.addresses() / 100);
  }

  @Property(tries = 20)
  void lazyDomains_areNeverPredictedWrongWithoutAFlushToExplainIt(@ForAll long seed) {
    IovaReport iovas = new Machine(FlushPolicy.LAZY).joinsGroup().random(seed, 800).verify();

    assertThat(iovas.different()).isZero();
    assertThat(iovas.exact()).isPositive();
  }

  @Test
  void addressesTakenOnTwoCpusAtOnce_areOrderedByTheirPageTables() {
    Machine machine = new Machine(FlushPolicy.STRICT).joinsGroup();
    machine.map(0, 10).map(1, 20);
    // The device is told of the second mapping first.
    TraceEvent first = machine.events.get(2);
    machine.events.remove(2);
    machine.events.add(first);

    assertThat(machine.verify().exact()).isEqualTo(2);
  }

  @Test
  void afterEventsWereLost_nothingIsPredictedFromBefore() {
    Machine machine = new Machine(FlushPolicy.STRICT).joinsGroup().map(0, 10).unmap(0, 0);
    machine.events.add(new EventsLost(machine.header(0), 5, EventsLost.Cause.OVERRUN));

    IovaReport iovas = machine.map(0, 11).verify();

    assertThat(iovas.exact()).isEqualTo(1);
    assertThat(iovas.unknown()).containsEntry(Unknown.EVENTS_LOST, 1L);
  }

  @Test
  void aHostBridgesWindow_isLearntFromTheFirstAddressBelowIt() {
    AddressRange window = new AddressRange(0xc0000000L, 0xfffeffffL);

    IovaReport iovas = new Machine(FlushPolicy.STRICT, window).joinsGroup().random(7, 400).verify();

    assertThat(iovas.windows()).isNotEmpty();
    assertThat(iovas.different()).isLessThan(5);
    for (AddressRange learnt : iovas.windows()) {
      assertThat(learnt.first()).isGreaterThanOrEqualTo(window.first());
      assertThat(learnt.last()).isLessThanOrEqualTo(window.last());
    }
  }

  @Test
  void aDeviceWithASmallMask_isNoWindow() {
    Machine machine = new Machine(FlushPolicy.STRICT).joinsGroup().map(0, 10);
    machine.events.add(new IommuMap(machine.header(0), 0xfff000L, 0x20000, 4096));
    machine.events.add(
        new DmaMap(
            machine.header(0),
            DEVICE,
            MapApi.PAGE,
            DmaDirection.TO_DEVICE,
            0xfff000L,
            4096,
            0x20000,
            0));

    IovaReport iovas = machine.verify();

    assertThat(iovas.different()).isEqualTo(1);
    assertThat(iovas.windows()).isEmpty();
  }

  @Test
  void anUnmapThatThePageTablesHadNothingOf_givesNothingBack() {
    Machine machine = new Machine(FlushPolicy.STRICT).joinsGroup().map(0, 10);
    machine.events.add(
        new DmaUnmap(
            machine.header(0), DEVICE, MapApi.PAGE, DmaDirection.TO_DEVICE, 0x12340000L, 4096, 0));

    assertThat(machine.map(0, 11).verify().exact()).isEqualTo(2);
  }
}
