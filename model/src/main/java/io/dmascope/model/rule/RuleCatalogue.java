package io.dmascope.model.rule;

import io.dmascope.model.finding.RuleCoverage;
import io.dmascope.model.finding.RuleCoverage.NotChecked;
import io.dmascope.model.mapping.CaptureState;
import io.dmascope.model.mapping.EventCounts;
import io.dmascope.model.mapping.EventCounts.Family;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Every rule there is, in the order of precedence in which the rules of one operation are asked.
 */
public final class RuleCatalogue {
  private static final List<Rule> RULES =
      List.of(
          new ErrorCookieUsed(),
          new UnmapOfUnmapped(),
          new UnmapTypeMismatch(),
          new UnmapSizeMismatch(),
          new UnmapDirectionMismatch(),
          new UnmapAttrsMismatch(),
          new AllocFreeCpuAddress(),
          new DoubleMapOverlap(),
          new PhysAliasWrite(),
          new SyncOfUnmapped(),
          new SyncOutOfRange(),
          new SyncDirection(),
          new SyncNents(),
          new SgUnmapNents(),
          new SgOutputCount(),
          new RemapWithoutUnmap(),
          new UnsupportedPeer(),
          new PeerBusAddress(),
          new PeerMapType(),
          new MixedRun(),
          new RamMmioConfusion(),
          new AddressBeyondMask(),
          new SgLengthConservation(),
          new DirectNotOneToOne(),
          new SegmentTooLong(),
          new SegmentAcrossBoundary(),
          new MergeModelMismatch(),
          new DmaWithoutIommuMap(),
          new WrongTranslation(),
          new IovaDoubleMap(),
          new IovaUnmapHole(),
          new WrongSizeFree(),
          new TwoStepTiling(),
          new StaleWindowReuse(),
          new ProviderGone(),
          new IovaReserved(),
          new IovaMisaligned(),
          new FaultAgainstDirection(),
          new FaultUseAfterUnmap(),
          new FaultNeverMapped(),
          new BounceFailed(),
          new CoherentRequiredBounced(),
          new BounceSlotWrong(),
          new UnexpectedBounce(),
          new AttachDetachBalance(),
          new MapErrorUnchecked(),
          new IllegalRegion(),
          new SgChainTermination(),
          new SgEndInMiddle(),
          new SgtFieldsConsistency(),
          new SgLengthOverflow(),
          new ForeignDmaAddress(),
          new PageNullWithDmaAddr(),
          new SgReadPastMapped(),
          new BioVecLimit(),
          new BlockLimits(),
          new MapInsideAttach(),
          new PageAlignedOutput(),
          new ImporterTouchesPage(),
          new DmaAfterInvalidate(),
          new ResvLockRule(),
          new PeerWithoutConsent(),
          new CpuAccessBracket(),
          new MapPinBalance(),
          new RdmaBlocks(),
          new LinearArrayCapacity(),
          new PrpAlignment(),
          new LeakAtUnbind(),
          new GrowingLiveSet(),
          new TraceIntegrity());

  private RuleCatalogue() {}

  public static List<Rule> rules() {
    return RULES;
  }

  public static Optional<Rule> find(String id) {
    return RULES.stream().filter(rule -> infoOf(rule).id().equals(id)).findFirst();
  }

  public static RuleInfo infoOf(Rule rule) {
    RuleInfo info = rule.getClass().getAnnotation(RuleInfo.class);
    if (info == null) {
      throw new IllegalStateException(
          "rule without @RuleInfo [class=" + rule.getClass().getName() + "]");
    }
    return info;
  }

  /** Which rules the capture could be held to. */
  public static RuleCoverage coverage(CaptureState state) {
    List<String> checked = new ArrayList<>();
    List<NotChecked> notChecked = new ArrayList<>();
    RecordedEvents recorded = new RecordedEvents(state.rig().manifest().tracing(), state.counts());
    for (Rule rule : RULES) {
      RuleInfo info = infoOf(rule);
      if (Arrays.stream(info.needs()).noneMatch(state.counts()::seen)) {
        notChecked.add(new NotChecked(info.id(), recorded.because(info.needs())));
      } else if (needsFacts(info, state.counts()) && !Fact.allKnown(info.facts(), state)) {
        notChecked.add(new NotChecked(info.id(), because(info.facts())));
      } else if (!rule.notCheckedBecause(state).isEmpty()) {
        notChecked.add(new NotChecked(info.id(), rule.notCheckedBecause(state)));
      } else {
        checked.add(info.id());
      }
    }
    return new RuleCoverage(sorted(checked), notChecked.stream().sorted(BY_ID).toList());
  }

  /** True where every seen family that would do needs the facts as well. */
  private static boolean needsFacts(RuleInfo info, EventCounts counts) {
    List<Family> withFacts = List.of(info.factsFor());
    return withFacts.isEmpty()
        || Arrays.stream(info.needs()).filter(counts::seen).allMatch(withFacts::contains);
  }

  private static final Comparator<NotChecked> BY_ID = Comparator.comparing(NotChecked::ruleId);

  private static List<String> sorted(List<String> ids) {
    return ids.stream().sorted().toList();
  }

  private static String because(Fact[] facts) {
    return "the rig manifest does not say [supply="
        + Stream.of(facts).map(Fact::member).collect(Collectors.joining("; "))
        + "]";
  }
}
