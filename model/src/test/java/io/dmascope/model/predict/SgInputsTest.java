package io.dmascope.model.predict;

import static org.assertj.core.api.Assertions.assertThat;

import io.dmascope.model.backend.IommuSgLayout;
import io.dmascope.model.backend.Mapping;
import io.dmascope.model.event.DmaMapSg;
import io.dmascope.model.event.EventHeader;
import io.dmascope.model.scatterlist.PhysList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class SgInputsTest {
  private static final EventHeader HEADER = new EventHeader(0, 0, 0, 1, "dd", 1);
  private static final long BASE = 0xf0000000L;

  @Property(tries = 2000)
  void recoveredLists_areThoseThatWereMapped(@ForAll("lists") PhysList list) {
    Mapping mapping = map(list);

    SgInputs.Result result =
        SgInputs.recover(Recorded.mapSg(HEADER, list, mapping), mapping.pageTableRuns(), 0x1000);

    switch (result) {
      case SgInputs.Result.Known(PhysList input, long iova) -> {
        assertThat(input.toString()).isEqualTo(list.toString());
        assertThat(iova).isEqualTo(BASE);
      }
      case SgInputs.Result.Prefix _ -> throw new AssertionError("the list is not truncated");
      case SgInputs.Result.Unknown(Reason reason) ->
          assertThat(reason).isEqualTo(Reason.AMBIGUOUS_INPUT);
    }
  }

  @Property(tries = 2000)
  void truncatedLists_areRecoveredAsFarAsTheyWereTraced(
      @ForAll("lists") PhysList list, @ForAll @IntRange(min = 1, max = 12) int tracedMax) {
    Mapping mapping = map(list);
    DmaMapSg event = Recorded.truncated(Recorded.mapSg(HEADER, list, mapping), tracedMax);

    SgInputs.Result result = SgInputs.recover(event, mapping.pageTableRuns(), 0x1000);

    if (event.truncated() && result instanceof SgInputs.Result.Prefix(PhysList input, long iova)) {
      assertThat(list.toString()).startsWith(input.toString());
      assertThat(iova).isEqualTo(BASE);
    }
  }

  @Property(tries = 1000)
  void truncatedLists_areNeverPredictedWrong(
      @ForAll("lists") PhysList list, @ForAll @IntRange(min = 2, max = 12) int tracedMax) {
    Mapping mapping = (Mapping) IommuSgLayout.of(list, 0x1000, 0xffffffffL, 0x10000).at(BASE);
    Recorded recorded = new Recorded();
    mapping.pageTableRuns().forEach(r -> recorded.iommuMap(r.iova(), r.physAddr(), r.sizeBytes()));
    recorded.add(Recorded.truncated(Recorded.mapSg(recorded.header(), list, mapping), tracedMax));

    PredictionReport report = recorded.check();

    assertThat(report.differences()).isEmpty();
    assertThat(report.unpredicted().keySet())
        .allMatch(why -> why == Reason.AMBIGUOUS_INPUT || why == Reason.TRUNCATED);
  }

  @Test
  void neighboursInMemory_areToldApartByTheirPhysicalAddresses() {
    PhysList list = new PhysList().add(0x10000, 0x3000).add(0x13000, 0x2000).add(0x50000, 0x1000);

    assertThat(recovered(list)).isEqualTo("10000+3000, 13000+2000, 50000+1000");
  }

  @Test
  void theSamePageAgainAndAgain_isReadEntryByEntry() {
    PhysList list = new PhysList();
    for (int i = 0; i < 32; i++) {
      list.add(0x7000, 0x1000);
    }

    assertThat(recovered(list)).isEqualTo(list.toString());
  }

  @Test
  void withoutRuns_aMergedListOfWholePagesIsStillKnown() {
    PhysList list = new PhysList().add(0x10000, 0x1000).add(0x30000, 0x1000).add(0x50000, 0x800);
    Mapping mapping = map(list);

    SgInputs.Result result =
        SgInputs.recover(Recorded.mapSg(HEADER, list, mapping), List.of(), 0x1000);

    assertThat(mapping.ents()).isEqualTo(1);
    assertThat(((SgInputs.Result.Known) result).list().toString()).isEqualTo(list.toString());
  }

  @Test
  void withoutRuns_longerEntriesOfAMergedListAreUnknown() {
    PhysList list = new PhysList().add(0x10000, 0x3000).add(0x30000, 0x1000);

    assertThat(SgInputs.recover(Recorded.mapSg(HEADER, list, map(list)), List.of(), 0x1000))
        .isEqualTo(new SgInputs.Result.Unknown(Reason.NO_PAGE_TABLE_EVENTS));
  }

  @Test
  void runsOfAnotherList_doNotFit() {
    PhysList list = new PhysList().add(0x10000, 0x1000).add(0x30000, 0x1000);
    PhysList other = new PhysList().add(0x20000, 0x1000).add(0x40000, 0x1000);

    assertThat(
            SgInputs.recover(
                Recorded.mapSg(HEADER, list, map(list)), map(other).pageTableRuns(), 0x1000))
        .isEqualTo(new SgInputs.Result.Unknown(Reason.RUNS_DO_NOT_FIT));
  }

  @Provide
  Arbitrary<PhysList> lists() {
    // Few frames, so that entries touch, repeat and overlap.
    Arbitrary<long[]> entry =
        Combinators.combine(
                Arbitraries.longs().between(1, 40),
                Arbitraries.of(0L, 0L, 0L, 0x200L),
                Arbitraries.longs().between(1, 4),
                Arbitraries.of(0L, 0L, 0L, 0x10L, 0x800L))
            .as(
                (frame, offset, pages, cut) ->
                    new long[] {
                      frame * 0x1000 + offset, Math.max(1, pages * 0x1000 - offset - cut)
                    });
    return entry
        .list()
        .ofMinSize(1)
        .ofMaxSize(24)
        .map(
            entries -> {
              PhysList list = new PhysList();
              entries.forEach(e -> list.add(e[0], e[1]));
              return list;
            });
  }

  private static String recovered(PhysList list) {
    Mapping mapping = map(list);
    SgInputs.Result result =
        SgInputs.recover(Recorded.mapSg(HEADER, list, mapping), mapping.pageTableRuns(), 0x1000);
    return ((SgInputs.Result.Known) result).list().toString();
  }

  private static Mapping map(PhysList list) {
    return (Mapping) IommuSgLayout.of(list, 0x1000, 0xffff, 0x8000).at(BASE);
  }
}
