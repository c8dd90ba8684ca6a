package io.dmascope.model.whatif;

import static org.assertj.core.api.Assertions.assertThat;

import io.dmascope.model.backend.BackendCounters;
import io.dmascope.model.event.AllocApi;
import io.dmascope.model.event.DmaAlloc;
import io.dmascope.model.event.DmaDirection;
import io.dmascope.model.event.DmaFree;
import io.dmascope.model.event.DmaMap;
import io.dmascope.model.event.DmaMapSg;
import io.dmascope.model.event.DmaUnmap;
import io.dmascope.model.event.DmaUnmapSg;
import io.dmascope.model.event.EventHeader;
import io.dmascope.model.event.MapApi;
import io.dmascope.model.event.TraceEvent;
import io.dmascope.model.event.U64List;
import io.dmascope.model.predict.CaptureSurvey;
import io.dmascope.model.rig.RigManifest;
import io.dmascope.model.scatterlist.EntryForm;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class WhatIfTest {
  private static final String DEVICE = "0000:03:00.0";
  private static final int PAGES = 32;

  private final List<TraceEvent> events = new ArrayList<>();

  @Test
  void aScatteredList_isOneRangeBehindAnIommuAndManyEntriesWithoutOne() {
    listOfPages();

    List<ScenarioResult> results =
        run(Scenario.of(Scenario.Backend.DIRECT), unlimited(Scenario.Backend.IOMMU_STRICT));

    assertThat(results.get(0).counters().outputEntries()).isEqualTo(PAGES);
    assertThat(results.get(0).counters().pageTableRuns()).isZero();
    assertThat(results.get(1).counters().outputEntries()).isEqualTo(1);
    assertThat(results.get(1).counters().pageTableRuns()).isEqualTo(PAGES);
    assertThat(results.get(1).counters().entriesSet()).containsOnly(Map.entry(4096L, 32L));
  }

  @Test
  void strictUnmaps_invalidateOneByOne_lazyOnesFlushTogether() {
    for (int i = 0; i < 600; i++) {
      map(0x100000L * (i + 1), 4096, 0);
      unmap(0x100000L * (i + 1), 0);
    }

    List<ScenarioResult> results =
        run(Scenario.of(Scenario.Backend.IOMMU_STRICT), Scenario.of(Scenario.Backend.IOMMU_LAZY));

    assertThat(results.get(0).counters().rangeInvalidations()).isEqualTo(600);
    assertThat(results.get(0).counters().fullFlushes()).isZero();
    assertThat(results.get(1).counters().rangeInvalidations()).isZero();
    // 255 fit into the queue: the 256th and the 511th unmap flush.
    assertThat(results.get(1).counters().fullFlushes()).isEqualTo(2);
  }

  @Test
  void aLazyRange_staysReachableUntilTheTimerFires() {
    map(0x100000, 4096, 0);
    unmap(0x100000, 0);
    map(0x200000, 4096, 50_000_000);

    ScenarioResult lazy = run(Scenario.of(Scenario.Backend.IOMMU_LAZY)).getFirst();

    assertThat(lazy.iova().staleNsMax()).isEqualTo(10_000_000);
  }

  @Test
  void everythingIsCopied_whereBouncingIsForced() {
    map(0x100010, 1500, 0);
    unmap(0x100010, 0);

    ScenarioResult bounced = run(Scenario.of(Scenario.Backend.SWIOTLB)).getFirst();

    assertThat(bounced.counters().bounceBytesIn()).isEqualTo(1500);
    assertThat(bounced.counters().bounceBytesOut()).isEqualTo(1500);
    assertThat(bounced.slotsMax()).isEqualTo(1);
  }

  @Test
  void whatBouncingCannotHold_fails() {
    map(0x100000, 512 * 1024, 0);

    assertThat(run(Scenario.of(Scenario.Backend.SWIOTLB)).getFirst().counters().failureCount())
        .isEqualTo(1);
  }

  @Test
  void aMappingMadeAgain_countsAsNeverUnmapped() {
    map(0x100000, 4096, 0);
    map(0x100000, 4096, 0);

    WhatIf whatIf = whatIf(Scenario.of(Scenario.Backend.DIRECT));

    assertThat(whatIf.workload()).isEqualTo(new Workload(2, 0, 0, 0, 8192, 2));
  }

  @Test
  void forms_costWhatTheirEntriesTake() {
    listOfPages();

    ScenarioResult result = run(unlimited(Scenario.Backend.IOMMU_STRICT)).getFirst();

    assertThat(result.forms().get(EntryForm.SCATTERLIST).metadataBytes()).isEqualTo(32 * PAGES);
    assertThat(result.forms().get(EntryForm.DMA_SG).metadataBytes()).isEqualTo(16 * PAGES + 16);
    assertThat(result.forms().get(EntryForm.IOVA_STATE).metadataBytes()).isEqualTo(16 * PAGES + 16);
    assertThat(result.forms().get(EntryForm.LINEAR).metadataBytes()).isEqualTo(40 * PAGES);
  }

  @Test
  void thePlan_hasSevenSteps() {
    listOfPages();

    assertThat(whatIf(Scenario.of(Scenario.Backend.DIRECT)).plan())
        .extracting(PlanSteps.Row::step)
        .containsExactly(1, 2, 3, 4, 5, 6, 7);
  }

  @Test
  void everyStepOfThePlan_countsSomethingOfAnyWorkload() {
    listOfPages();

    List<PlanSteps.Row> plan = whatIf(Scenario.of(Scenario.Backend.DIRECT)).plan();

    assertThat(plan).allMatch(row -> row.before() > 0 && row.after() <= row.before());
    // A struct page and an entry for each page before, a phys_vec and a dma_sg a range after.
    assertThat(plan.get(5).before()).isEqualTo((64 + 32) * PAGES);
    assertThat(plan.get(5).after()).isEqualTo((16 + 16) * PAGES);
    assertThat(plan.get(6).before()).isEqualTo(PAGES);
  }

  @Test
  void coherentMemory_takesAddressesButIsNoMapping() {
    events.add(
        new DmaAlloc(
            header(0),
            DEVICE,
            AllocApi.COHERENT,
            DmaDirection.BIDIRECTIONAL,
            0x100000,
            6726,
            1,
            false,
            "GFP_KERNEL",
            0));
    events.add(
        new DmaFree(
            header(0),
            DEVICE,
            AllocApi.COHERENT,
            DmaDirection.BIDIRECTIONAL,
            0x100000,
            6726,
            1,
            false,
            0));

    List<ScenarioResult> results =
        run(Scenario.of(Scenario.Backend.IOMMU_STRICT), Scenario.of(Scenario.Backend.SWIOTLB));

    BackendCounters strict = results.get(0).counters();
    assertThat(strict.mappings()).isZero();
    assertThat(strict.allocatedBytes()).isEqualTo(8192);
    assertThat(strict.entriesCleared()).containsOnly(Map.entry(4096L, 2L));
    assertThat(strict.rangeInvalidations()).isEqualTo(1);
    assertThat(results.get(0).iova().heldBytes()).isEqualTo(8192);
    assertThat(results.get(1).counters().bounces()).isZero();
  }

  @Test
  void heldSpace_isRoundedUpAndKeptInCaches() {
    map(0x100000, 5 * 4096, 0);
    unmap(0x100000, 0);

    ScenarioResult.IovaUse iova = run(Scenario.of(Scenario.Backend.IOMMU_STRICT)).getFirst().iova();

    assertThat(iova.peakBytes()).isEqualTo(5 * 4096);
    assertThat(iova.heldBytes()).isEqualTo(8 * 4096);
  }

  private void listOfPages() {
    long[] pages = new long[PAGES];
    long[] lengths = new long[PAGES];
    for (int i = 0; i < PAGES; i++) {
      pages[i] = 0x100000 + 0x3000L * i;
      lengths[i] = 0x1000;
    }
    events.add(
        new DmaMapSg(
            header(0),
            DEVICE,
            DmaDirection.FROM_DEVICE,
            PAGES,
            PAGES,
            U64List.of(pages),
            U64List.of(pages),
            U64List.of(lengths),
            0));
    events.add(new DmaUnmapSg(header(0), DEVICE, DmaDirection.FROM_DEVICE, U64List.of(pages), 0));
  }

  private void map(long addr, long size, long atNs) {
    events.add(
        new DmaMap(
            header(atNs), DEVICE, MapApi.PHYS, DmaDirection.FROM_DEVICE, addr, size, addr, 0));
  }

  private void unmap(long addr, long atNs) {
    events.add(
        new DmaUnmap(header(atNs), DEVICE, MapApi.PHYS, DmaDirection.FROM_DEVICE, addr, 4096, 0));
  }

  private EventHeader header(long atNs) {
    return new EventHeader(events.size(), atNs, 0, 42, "dd", events.size() + 1);
  }

  private static Scenario unlimited(Scenario.Backend backend) {
    return new Scenario(
        backend, OptionalLong.of(0xffffffffL), OptionalLong.empty(), OptionalLong.empty());
  }

  private List<ScenarioResult> run(Scenario... scenarios) {
    return whatIf(scenarios).results();
  }

  private WhatIf whatIf(Scenario... scenarios) {
    CaptureSurvey survey = new CaptureSurvey(RigManifest.UNKNOWN);
    events.forEach(survey::apply);
    WhatIf whatIf = new WhatIf(survey.parameters(), List.of(scenarios));
    events.forEach(whatIf::apply);
    return whatIf;
  }
}
