package io.dmascope.cli.simulation;

import io.dmascope.model.event.DmaMap;
import io.dmascope.model.event.DmaMapSg;
import io.dmascope.model.event.DmaSync;
import io.dmascope.model.event.DmaSyncSg;
import io.dmascope.model.event.DmaUnmapSg;
import io.dmascope.model.event.EventsLost;
import io.dmascope.model.event.IommuMap;
import io.dmascope.model.event.TraceEvent;
import io.dmascope.model.event.U64List;
import io.dmascope.model.finding.Confidence;
import io.dmascope.model.finding.DoubtKind;
import io.dmascope.model.finding.RuleCoverage;
import io.dmascope.model.finding.Violation;
import io.dmascope.model.rule.Fact;
import io.dmascope.producer.synthetic.fault.Injected;
import io.dmascope.producer.synthetic.fault.Injected.Sureness;
import io.dmascope.producer.synthetic.machine.Machine;
import io.dmascope.producer.synthetic.recording.RecordingFault;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * Holds findings against the truth: exactly what was injected, nothing else.
 *
 * <p>A capture that was recorded whole must give each fault with the confidence it deserves. Where
 * the recording has faults of its own, a fault may be suspect or go unseen when what proves it is
 * missing, and suspicion is legitimate; certainty never is.
 */
final class Oracle {
  /** Rules that say nothing of some things once the recording left out what it did, wherever. */
  private static final Map<RecordingFault, Set<String>> SILENT_AFTER =
      Map.of(
          RecordingFault.LOST,
          Set.of("IOV-005", "IOV-014", "DMA-SG-009", "DMA-MAP-020"),
          // What the entries that were not traced mapped for the device is unknown.
          RecordingFault.TRUNCATED,
          Set.of("DMA-SG-011"),
          // The live set is looked at now and then, by the clock.
          RecordingFault.CLOCK_SKEW,
          Set.of("DMA-MAP-020"));

  /** Rules that ask of devices which the recording has shown behind an IOMMU. */
  private static final Set<String> ASK_BEHIND_AN_IOMMU = Set.of("IOV-001", "IOV-003", "P2P-001");

  /**
   * Rules that are silent where something is mapped, as what seems to be whose unmap was lost
   * before: it is what is unmapped then, or synced.
   */
  private static final Set<String> SILENT_OVER_STALE =
      Set.of("DMA-MAP-001", "DMA-SYN-001", "DMA-SYN-002");

  /** Facts that a rule can do without, but not always: which domain, where the windows are. */
  private static final Map<String, Fact> GOES_BY =
      Map.of(
          "DMA-SG-004", Fact.DOMAIN_TYPE,
          "DMA-MAP-015", Fact.BARS,
          "IOV-006", Fact.BARS);

  /** Wrong unmaps, after which nobody can tell when an address became free. */
  private static final Set<String> WRONG_UNMAPS =
      Set.of(
          "DMA-MAP-001",
          "DMA-MAP-002",
          "DMA-MAP-003",
          "DMA-MAP-004",
          "DMA-MAP-005",
          "DMA-MAP-006",
          "DMA-SG-001");

  /** What else is suspect after a fault where the manifest does not tell a fact. */
  private record Suspicion(String of, String after, Fact unknown) {}

  private static final List<Suspicion> SUSPICIONS =
      List.of(
          new Suspicion("DMA-MAP-009", "DMA-SG-009", Fact.COHERENCE),
          new Suspicion("DMA-MAP-009", "DMA-MAP-020", Fact.COHERENCE),
          // What lies elsewhere may be a peer's memory.
          new Suspicion("DMA-SG-004", "P2P-001", Fact.BARS),
          new Suspicion("DMA-SG-004", "P2P-002", Fact.BARS),
          new Suspicion("DMA-SG-004", "P2P-004", Fact.BARS));

  private final SimulatedCapture capture;
  private final RuleTally tally;
  private final Map<Long, Integer> recordedAt = new HashMap<>();
  private final List<Integer> gaps = new ArrayList<>();
  private final Displacement displaced;

  /** By device, the first finding that may owe itself to clocks apart. */
  private final Map<String, Long> disorderedSince = new HashMap<>();

  private final Set<Injected> found = new HashSet<>();

  Oracle(SimulatedCapture capture, RuleTally tally) {
    this.capture = capture;
    this.tally = tally;
    displaced = new Displacement(capture);
    List<TraceEvent> recorded = capture.recorded();
    for (int i = 0; i < recorded.size(); i++) {
      long place = recorded.get(i).header().place();
      if (place != RecordingFault.NOWHERE) {
        recordedAt.put(place, i);
      }
      if (recorded.get(i) instanceof EventsLost) {
        gaps.add(i);
      }
    }
  }

  /** What is wrong with these findings. */
  List<Failure> judge(List<Violation> violations, RuleCoverage coverage) {
    List<Failure> failures = new ArrayList<>();
    coverage.checked().stream()
        .filter(capture.knowledge()::forbids)
        .map(Failure.Unfounded::new)
        .forEach(failures::add);
    violations.forEach(this::noteDisorder);
    Set<Violation> unexplained = new HashSet<>(violations);
    for (Injected injected : capture.truth()) {
      Violation violation = find(injected, violations);
      if (violation != null) {
        unexplained.remove(violation);
        found.add(injected);
      }
      boolean otherwise = violations.stream().anyMatch(v -> isOfClocks(injected, v));
      judge(injected, violation, otherwise, failures);
    }
    for (Violation violation : violations) {
      if (unexplained.contains(violation)) {
        judgeUnexplained(violation, failures);
      }
    }
    return failures;
  }

  private Violation find(Injected injected, List<Violation> violations) {
    Integer at = recordedAt.get(injected.sequence());
    if (at == null) {
      return null;
    }
    for (Violation violation : violations) {
      if (violation.at().sequence() == at && violation.ruleId().equals(injected.ruleId())) {
        return violation;
      }
    }
    return laterOfEqualLists(injected, at, violations);
  }

  /**
   * {@code dma_unmap_sg} names a list by its physical addresses only. Where an equal one is live,
   * the second unmap of a list, or one with fewer entries than it has, looks like the right one of
   * the other, and the unmap that finds none comes later: which of the two was wrong nothing in a
   * capture tells.
   */
  private Violation laterOfEqualLists(Injected injected, int at, List<Violation> violations) {
    List<TraceEvent> recorded = capture.recorded();
    if (!Set.of("DMA-MAP-001", "DMA-SG-001").contains(injected.ruleId())
        || !(recorded.get(at) instanceof DmaUnmapSg wrong)
        || !isLive(wrong, at)) {
      return null;
    }
    for (Violation violation : violations) {
      int later = (int) violation.at().sequence();
      if (later > at
          && violation.ruleId().equals(injected.ruleId())
          && recorded.get(later) instanceof DmaUnmapSg unmap
          && isEqual(wrong, unmap.device(), unmap.physAddrs())) {
        return violation;
      }
    }
    return null;
  }

  /** True where a list like that of the unmap was mapped more often before than unmapped. */
  private boolean isLive(DmaUnmapSg wrong, int at) {
    int live = 0;
    for (TraceEvent event : capture.recorded().subList(0, at)) {
      if (event instanceof DmaMapSg map && isEqual(wrong, map.device(), map.physAddrs())) {
        live++;
      } else if (event instanceof DmaUnmapSg unmap
          && isEqual(wrong, unmap.device(), unmap.physAddrs())) {
        live = Math.max(0, live - 1);
      }
    }
    return live > 0;
  }

  private static boolean isEqual(DmaUnmapSg list, String device, U64List physAddrs) {
    return list.device().equals(device) && list.physAddrs().equals(physAddrs);
  }

  /** Of what clocks apart left behind at the address a wrong unmap may seem to be. */
  private boolean isOfClocks(Injected injected, Violation violation) {
    return capture.recording() == RecordingFault.CLOCK_SKEW
        && WRONG_UNMAPS.contains(injected.ruleId())
        && WRONG_UNMAPS.contains(violation.ruleId())
        && injected.sequence() == placeOf(violation)
        && isDoubtOfClocks(violation);
  }

  private long placeOf(Violation violation) {
    return capture.recorded().get((int) violation.at().sequence()).header().place();
  }

  /**
   * @param otherwise whether the event was suspected of something else instead
   */
  private void judge(
      Injected injected, Violation finding, boolean otherwise, List<Failure> failures) {
    tally.injected(injected.ruleId());
    if (finding == null) {
      if (otherwise || isHidden(injected)) {
        tally.hidden(injected.ruleId());
      } else {
        tally.missed(injected.ruleId());
        failures.add(new Failure.Missed(injected));
      }
      return;
    }
    tally.found(injected.ruleId(), finding.confidence());
    if (isWronglySure(injected, finding)) {
      failures.add(new Failure.WronglySure(injected, finding));
    }
  }

  /**
   * A gap, a late start or a wrong clock may take away what proves a fault, or the fault itself.
   */
  private boolean isHidden(Injected injected) {
    if (injected.faint() || isUnknown(injected.ruleId()) || isBehindAWrongUnmap(injected)) {
      return true;
    }
    if (isRightForAnotherList(injected)) {
      return true;
    }
    if (SILENT_AFTER.getOrDefault(capture.recording(), Set.of()).contains(injected.ruleId())) {
      return true;
    }
    if (capture.recording() == RecordingFault.NONE) {
      return isBehindATear(injected);
    }
    Integer at = recordedAt.get(injected.sequence());
    if (at == null || isCut(at) || isOfAnUnknownDomain(injected, at) || displaced.at(at)) {
      return true;
    }
    int before = -1;
    for (long witness : injected.witnesses()) {
      Integer seen = recordedAt.get(witness);
      if (seen == null || seen > at || seen < before) {
        return true;
      }
      before = seen;
    }
    if (SILENT_OVER_STALE.contains(injected.ruleId()) && gaps.stream().anyMatch(gap -> gap < at)) {
      return true;
    }
    return isLostBetween(injected, at) || isBehindATear(injected);
  }

  /**
   * True where events were lost between the first that proves the fault and the fault, or were said
   * to be: a gap is told when its CPU is heard again, later than it was.
   */
  private boolean isLostBetween(Injected injected, int at) {
    if (gaps.isEmpty()) {
      return false;
    }
    long first = injected.witnesses().isEmpty() ? 0 : injected.witnesses().getFirst();
    int firstAt = recordedAt.get(first);
    return gaps.stream().anyMatch(gap -> gap > firstAt && gap <= at)
        || LongStream.range(first, injected.sequence())
            .anyMatch(place -> !recordedAt.containsKey(place));
  }

  /**
   * An unmap that was wrong and is displaced besides is found wrong, but not in the same way: what
   * it names may not be mapped yet, or be mapped twice.
   */
  private boolean isWrongInAnotherWay(Violation violation, long place) {
    return WRONG_UNMAPS.contains(violation.ruleId())
        && capture.truth().stream()
            .filter(injected -> injected.sequence() == place)
            .filter(injected -> WRONG_UNMAPS.contains(injected.ruleId()))
            .anyMatch(_ -> displaced.at((int) violation.at().sequence()));
  }

  /** Of a list that was cut short rules that compare all of it say nothing. */
  private boolean isCut(int at) {
    return capture.recorded().get(at) instanceof DmaMapSg list && list.truncated();
  }

  /** True where the recording has not shown yet that the device stands behind an IOMMU. */
  private boolean isOfAnUnknownDomain(Injected injected, int at) {
    return ASK_BEHIND_AN_IOMMU.contains(injected.ruleId())
        && capture.spec().machine().backend().translates()
        && !isSeenBehindAnIommu(injected.device(), at);
  }

  /** True where a mapping of the device, or of any, is recorded with the page table made for it. */
  private boolean isSeenBehindAnIommu(String device, int before) {
    Map<Long, IommuMap> latest = new HashMap<>();
    for (TraceEvent event : capture.recorded().subList(0, before)) {
      if (event instanceof IommuMap made) {
        latest.put(taskOf(event), made);
      } else if (latest.containsKey(taskOf(event))
          && isMadeWith(latest.get(taskOf(event)), event, device)) {
        return true;
      }
    }
    return false;
  }

  private static boolean isMadeWith(IommuMap made, TraceEvent event, String device) {
    return switch (event) {
      case DmaMap map -> isOf(map.device(), device) && leadsTo(made, map.dmaAddr());
      case DmaMapSg list ->
          isOf(list.device(), device)
              && IntStream.range(0, list.dmaAddrs().size())
                  .anyMatch(i -> leadsTo(made, list.dmaAddrs().at(i)));
      default -> false;
    };
  }

  /** {@code iommu:map} names no device: what breaks a rule there may be any's. */
  private static boolean isOf(String device, String wanted) {
    return wanted.isEmpty() || device.equals(wanted);
  }

  /** Every CPU has an idle task of its own. */
  private static long taskOf(TraceEvent event) {
    int pid = event.header().pid();
    return pid > 0 ? pid : -1L - event.header().cpu();
  }

  private static boolean leadsTo(IommuMap made, long dmaAddr) {
    long inside = dmaAddr - made.iova();
    return inside >= 0 && inside < made.sizeBytes();
  }

  /**
   * The sync names nothing but addresses and a count: where another list of as many entries holds
   * the same memory at the same address, as far as the recording shows, it is right for that one.
   * So is the sync of a single range inside a list, e.g. of one so long that its unmap does not fit
   * the ring and is never recorded.
   */
  private boolean isRightForAnotherList(Injected injected) {
    Integer at = recordedAt.get(injected.sequence());
    if (at == null) {
      return false;
    }
    return switch (capture.recorded().get(at)) {
      case DmaSyncSg sync when injected.ruleId().equals("DMA-SYN-004") ->
          isHeld(
              at,
              sync.device(),
              sync.dmaAddrs().at(0),
              sync.lengths().at(0),
              list -> list.fullNents() == sync.dmaAddrs().size());
      case DmaSync sync when Set.of("DMA-SYN-001", "DMA-SYN-002").contains(injected.ruleId()) ->
          isHeld(at, sync.device(), sync.dmaAddr(), sync.sizeBytes(), _ -> true);
      default -> false;
    };
  }

  /** True where the recording shows such a list around the bytes live. */
  private boolean isHeld(int at, String device, long addr, long length, Predicate<DmaMapSg> such) {
    Map<U64List, Integer> live = new HashMap<>();
    for (TraceEvent event : capture.recorded().subList(0, at)) {
      if (event instanceof DmaMapSg list
          && list.device().equals(device)
          && such.test(list)
          && holds(list, addr, length)) {
        live.merge(list.physAddrs(), 1, Integer::sum);
      } else if (event instanceof DmaUnmapSg unmap && unmap.device().equals(device)) {
        live.computeIfPresent(unmap.physAddrs(), (_, n) -> n > 1 ? n - 1 : null);
      }
    }
    return !live.isEmpty();
  }

  private static boolean holds(DmaMapSg list, long addr, long length) {
    for (int i = 0; i < list.dmaAddrs().size(); i++) {
      long from = addr - list.dmaAddrs().at(i);
      if (from >= 0 && from + length <= list.lengths().at(i)) {
        return true;
      }
    }
    return false;
  }

  /** True where the manifest leaves out what the rule asks for, or goes by. */
  private boolean isUnknown(String ruleId) {
    return capture.knowledge().leavesOut(ruleId)
        || (GOES_BY.containsKey(ruleId)
            && capture.knowledge().hidden().contains(GOES_BY.get(ruleId)));
  }

  /** The rule is silent once any unmap of the device was wrong, or looks so. */
  private boolean isBehindAWrongUnmap(Injected injected) {
    return injected.ruleId().equals("IOV-014")
        && (capture.recording() != RecordingFault.NONE
            || capture.truth().stream()
                .anyMatch(
                    earlier ->
                        WRONG_UNMAPS.contains(earlier.ruleId())
                            && earlier.sequence() < injected.sequence()
                            && earlier.device().equals(injected.device())));
  }

  /**
   * An unmap that finds less mapped says so itself: so it does where a mapping was put over another
   * and one of the two is gone, or where it removes another block than was mapped.
   */
  private boolean isHoleOfAnotherFault(Violation violation, long place) {
    return violation.ruleId().equals("IOV-004")
        && capture.truth().stream()
            .filter(other -> Set.of("DMA-MAP-008", "IOV-007").contains(other.ruleId()))
            // iommu:unmap stands just before the unmap that it belongs to.
            .anyMatch(other -> other.sequence() <= place + 1);
  }

  /**
   * What an unmap with too few entries leaves of a list stays mapped, whoever gets the memory and
   * until its driver lets go.
   */
  private boolean isRestOfAList(Violation violation, long place) {
    return Set.of("DMA-MAP-009", "DMA-MAP-019").contains(violation.ruleId())
        && capture.truth().stream()
            .filter(earlier -> earlier.ruleId().equals("DMA-SG-001") && earlier.sequence() < place)
            .anyMatch(earlier -> isRelated(violation, earlier.witnesses()));
  }

  /** True where one of these events is shown as evidence. */
  private boolean isRelated(Violation violation, List<Long> places) {
    return violation.related().stream()
        .map(related -> capture.recorded().get((int) related.at().sequence()).header().place())
        .anyMatch(places::contains);
  }

  /**
   * To map for writing what is mapped for writing is a fault itself (DMA-SG-009). Where the first
   * of the two lists was mapped before the recording began, its unmap looks like a second one of
   * the other: that the driver is wrong is certain, in which of the calls nothing tells.
   */
  private boolean isUnmapOfAnEarlierTwin(Violation violation) {
    return violation.ruleId().equals("DMA-MAP-001")
        && capture.recorded().get((int) violation.at().sequence()) instanceof DmaUnmapSg unmap
        && capture.truth().stream()
            .filter(twin -> twin.ruleId().equals("DMA-SG-009"))
            .filter(twin -> twin.witnesses().stream().noneMatch(recordedAt::containsKey))
            .map(twin -> recordedAt.get(twin.sequence()))
            .anyMatch(
                at ->
                    at != null
                        && capture.recorded().get(at) instanceof DmaMapSg list
                        && isEqual(unmap, list.device(), list.physAddrs()));
  }

  /**
   * A driver that leaves out unmaps maps over what seems live, and leaves it behind. It may do so
   * for coherent devices only, so that it shares nothing; but until it has shown itself as such a
   * driver, nothing else tells.
   */
  private boolean isLeftOutUnmap(Violation violation) {
    Machine.Spec machine = capture.spec().machine();
    boolean mayLeaveOut =
        machine.generation().hasTwoStepMapping() && !machine.backend().translates();
    return mayLeaveOut
        && switch (violation.ruleId()) {
          case "DMA-MAP-009" -> capture.knowledge().hidden().contains(Fact.COHERENCE);
          case "DMA-MAP-019" -> true;
          default -> false;
        };
  }

  private boolean isSuspectedForWantOfFacts(Violation violation) {
    return SUSPICIONS.stream()
        .anyMatch(
            suspicion ->
                suspicion.of.equals(violation.ruleId())
                    && capture.knowledge().hidden().contains(suspicion.unknown)
                    && capture.truth().stream()
                        .anyMatch(injected -> injected.ruleId().equals(suspicion.after)));
  }

  /** After a wrong unmap an address may belong to two, and nobody can tell whose unmap it was. */
  private boolean isBehindATear(Injected injected) {
    return capture.truth().stream()
        .anyMatch(
            earlier ->
                earlier.tears()
                    && earlier.sequence() < injected.sequence()
                    && earlier.device().equals(injected.device()));
  }

  private boolean isWronglySure(Injected injected, Violation finding) {
    if (injected.sureness() == Sureness.EITHER) {
      return false;
    }
    boolean certain = finding.confidence() == Confidence.CERTAIN;
    if (injected.sureness() == Sureness.SUSPECT) {
      return certain;
    }
    return !certain
        && capture.recording() == RecordingFault.NONE
        && capture.knowledge().isWhole()
        && !isBehindATear(injected)
        && !isOfClocks(finding);
  }

  /**
   * Clocks were not apart; but another CPU's event is so close that only they tell the order, of
   * this finding or of one before it on the device, which this one may then follow from.
   */
  private boolean isOfClocks(Violation finding) {
    return isDoubtOfClocks(finding)
        && disorderedSince.getOrDefault(finding.device(), Long.MAX_VALUE)
            <= finding.at().sequence();
  }

  private static boolean isDoubtOfClocks(Violation finding) {
    return finding.verdict().doubtKind().filter(DoubtKind.CLOCKS::equals).isPresent();
  }

  private void noteDisorder(Violation finding) {
    if (isDoubtOfClocks(finding) && displaced.mayBeAt((int) finding.at().sequence())) {
      disorderedSince.merge(finding.device(), finding.at().sequence(), Math::min);
    }
  }

  private void judgeUnexplained(Violation violation, List<Failure> failures) {
    long place = capture.recorded().get((int) violation.at().sequence()).header().place();
    boolean suspect = violation.confidence() == Confidence.SUSPECT;
    boolean explained =
        suspect
            ? capture.recording() != RecordingFault.NONE
                || followsATear(violation, place, false)
                || isRestOfAList(violation, place)
                || isLeftOutUnmap(violation)
                || isSuspectedForWantOfFacts(violation)
            : followsATear(violation, place, true)
                || isRestOfAList(violation, place)
                || isUnmapOfAnEarlierTwin(violation)
                || isHoleOfAnotherFault(violation, place)
                || isWrongInAnotherWay(violation, place);
    if (explained) {
      tally.explained(violation.ruleId());
    } else {
      tally.wrong(violation.ruleId());
      failures.add(new Failure.False(violation, place));
    }
  }

  /**
   * @param unseen whether only tears count that were not found: what they leave is wrong indeed,
   *     and nothing in the capture tells why
   */
  private boolean followsATear(Violation violation, long place, boolean unseen) {
    return capture.truth().stream()
        .anyMatch(
            earlier ->
                earlier.tears()
                    && earlier.sequence() < place
                    && !(unseen && found.contains(earlier))
                    && (violation.device().isEmpty()
                        || earlier.device().equals(violation.device())));
  }
}
