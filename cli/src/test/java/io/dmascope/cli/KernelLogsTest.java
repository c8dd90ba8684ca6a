package io.dmascope.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever form a kernel log has, its faults are found, and what says nothing is said to. */
class KernelLogsTest {
  private static final String LOGS = "../golden/faults/logs/";

  private final FakeTerminal terminal = new FakeTerminal();

  @ParameterizedTest
  @ValueSource(
      strings = {
        "decoded-prefix",
        "delta-crlf",
        "colours",
        "quoted-and-wrapped",
        "logcat",
        "console",
        "journal-json",
        "amd-two-parts",
        "utf16"
      })
  void fault_isFoundInEveryForm(String log) {
    assertThat(check(log)).isEqualTo(1);
    assertThat(terminal.out())
        .contains(
            "error[IOV-010]: the device wrote to memory that is mapped TO_DEVICE"
                + " [iova=0x00000000fffd4000]",
            "device 0000:05:00.0",
            "1 certain");
  }

  @ParameterizedTest
  @ValueSource(strings = {"smmu-raw-interleaved", "smmu2", "rockchip"})
  void faultOfNoDevice_isOfTheOneThatHasThePage_andSuspect(String log) {
    assertThat(check(log)).isEqualTo(1);
    assertThat(terminal.out())
        .contains(
            "device 0000:05:00.0",
            "suspect: the fault names no device: 0000:05:00.0 alone has or had the page mapped",
            "0 certain");
  }

  @Test
  void phantomFunction_isNamedAsAnAlias() {
    check("phantom-function");

    assertThat(terminal.out())
        .contains(
            "0000:05:00.1 maps nothing in the recording and 0000:05:00.0 has the page mapped",
            "0 certain");
  }

  @Test
  void refusalBeforeAnyPage_isNoFindingAndIsTold() {
    assertThat(check("no-context-entry")).isZero();
    assertThat(terminal.err())
        .contains("say nothing about mappings", "[reason=Present bit in context entry is clear]");
  }

  @Test
  void faultOfAProcess_isNoFindingAndIsTold() {
    assertThat(check("process-memory")).isZero();
    assertThat(terminal.err()).contains("about a process's memory (PASID)");
  }

  @Test
  void whatIsNotUnderstood_isCountedAndShown() {
    assertThat(check("unknown-iommu")).isZero();
    assertThat(terminal.err())
        .contains("look like IOMMU faults and were not understood", "shiny-iommu 1000.iommu");
  }

  @Test
  void logThatWasGiven_isNotAskedForAgain() {
    check("unknown-iommu");

    assertThat(terminal.out()).doesNotContain("or dmesg").contains("recorded, and");
  }

  private int check(String log) {
    return terminal.run(
        "check", "--dmesg", LOGS + log + ".dmesg.txt", "--dmesg-offset", "0", LOGS + "trace.txt");
  }
}
