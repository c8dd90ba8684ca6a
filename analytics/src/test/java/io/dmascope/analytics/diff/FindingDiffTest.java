package io.dmascope.analytics.diff;

import static org.assertj.core.api.Assertions.assertThat;

import io.dmascope.analytics.diff.FindingDiff.State;
import org.junit.jupiter.api.Test;

final class FindingDiffTest {
  private static final String SIZE = finding("DMA-MAP-003", "CERTAIN", 1, "unmaps 4096 bytes");
  private static final String OTHER_SIZE =
      finding("DMA-MAP-003", "SUSPECT", 7, "unmaps 1024 bytes");
  private static final String SYNC = finding("DMA-SYN-001", "CERTAIN", 2, "syncs nothing");

  @Test
  void causeOfBothSides_isTheSameWhateverItsNumbersAndConfidence() {
    FindingDiff diff = diff(set(SIZE, "DMA-MAP-003"), set(OTHER_SIZE, "DMA-MAP-003"));

    assertThat(diff.rows())
        .singleElement()
        .satisfies(
            row -> {
              assertThat(row.state()).isEqualTo(State.SAME);
              assertThat(row.countBefore()).isEqualTo(1);
              assertThat(row.countAfter()).isEqualTo(7);
              assertThat(row.certain()).isFalse();
            });
  }

  @Test
  void certainAndSuspectOfOneSide_areOneRow() {
    FindingDiff diff = diff(set(SIZE + "," + OTHER_SIZE, "DMA-MAP-003"), set("", "DMA-MAP-003"));

    assertThat(diff.rows())
        .singleElement()
        .satisfies(
            row -> {
              assertThat(row.countBefore()).isEqualTo(8);
              assertThat(row.certain()).isTrue();
            });
  }

  @Test
  void whatOnlyOneSideHas_isNewOrGone() {
    FindingDiff diff =
        diff(set(SIZE, "DMA-MAP-003", "DMA-SYN-001"), set(SYNC, "DMA-MAP-003", "DMA-SYN-001"));

    assertThat(diff.rows())
        .extracting(FindingDiff.Row::rule)
        .containsExactly("DMA-SYN-001", "DMA-MAP-003");
    assertThat(diff.rows())
        .extracting(FindingDiff.Row::state)
        .containsExactly(State.NEW, State.GONE);
  }

  @Test
  void whatTheSecondSideCouldNotCheck_isNotGone() {
    FindingDiff diff = diff(set(SYNC, "DMA-SYN-001"), set("", "DMA-MAP-003"));

    assertThat(diff.rows().getFirst().state()).isEqualTo(State.NOT_CHECKED);
  }

  @Test
  void whatTheSecondSideLostTooMuchToJudge_isNotGone() {
    FindingSet lossy =
        FindingSet.parse(
                "x",
                """
                {"captures": [{"kernel": "", "findings": [], "rules": {"checked": ["DMA-SYN-001"]},
                 "unjudged": [{"device": "nvme0", "rules": {"DMA-SYN-001": 7}}]}]}
                """)
            .orElseThrow();

    assertThat(diff(set(SYNC, "DMA-SYN-001"), lossy).rows().getFirst().state())
        .isEqualTo(State.NOT_CHECKED);
    assertThat(diff(lossy, set(SYNC, "DMA-SYN-001")).rows().getFirst().checkedBefore()).isFalse();
  }

  @Test
  void newFindingOfARuleThatCouldNotBeCheckedBefore_saysSo() {
    FindingDiff diff = diff(set(""), set(SYNC, "DMA-SYN-001"));

    assertThat(diff.rows().getFirst().state()).isEqualTo(State.NEW);
    assertThat(diff.rows().getFirst().checkedBefore()).isFalse();
  }

  @Test
  void otherJson_isNoReport() {
    assertThat(FindingSet.parse("x", "{}")).isEmpty();
    assertThat(FindingSet.parse("x", "{\"captures\": [{}]}")).isEmpty();
    assertThat(FindingSet.parse("x", "{\"captures\"")).isEmpty();
  }

  private static FindingDiff diff(FindingSet before, FindingSet after) {
    return FindingDiff.between(before, after);
  }

  private static FindingSet set(String findings, String... checked) {
    String rules = checked.length == 0 ? "" : "\"" + String.join("\",\"", checked) + "\"";
    return FindingSet.parse(
            "x",
            "{\"captures\": [{\"kernel\": \"\", \"findings\": [%s], \"rules\": {\"checked\": [%s]}}]}"
                .formatted(findings, rules))
        .orElseThrow();
  }

  private static String finding(String rule, String confidence, int count, String message) {
    return """
    {"rule": "%s", "confidence": "%s", "severity": "ERROR", "device": "nvme0", "count": %d, "message": "%s"}
    """
        .formatted(rule, confidence, count, message);
  }
}
