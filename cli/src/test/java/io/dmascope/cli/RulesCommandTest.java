package io.dmascope.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class RulesCommandTest {
  @Test
  void rules_areListedById() {
    FakeTerminal shell = new FakeTerminal();

    assertThat(shell.run("rules")).isZero();
    assertThat(shell.out().lines())
        .isSorted()
        .contains("DMA-MAP-001  error    unmap of something that is not mapped");
  }
}
