package io.dmascope.model.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.dmascope.model.rule.RuleCatalogue;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Every scenario under {@code golden/scenarios} gives exactly the findings that it states. */
class GoldenScenarioTest {
  private static final Path SCENARIOS =
      Path.of(System.getProperty("basedir", "."), "..", "golden", "scenarios");

  @TestFactory
  Stream<DynamicTest> shouldGiveExactlyTheFindingsStated() throws IOException {
    try (Stream<Path> files = Files.walk(SCENARIOS)) {
      return files
          .filter(file -> file.toString().endsWith(".txt"))
          .sorted()
          .map(
              file ->
                  DynamicTest.dynamicTest(
                      SCENARIOS.relativize(file).toString(),
                      () -> Scenario.assertScenario(Files.readString(file))))
          .toList()
          .stream();
    }
  }

  @Test
  void everyRule_hasAFiringAndASilentScenario() throws IOException {
    for (var rule : RuleCatalogue.rules()) {
      String id = RuleCatalogue.infoOf(rule).id();
      String fires = Files.readString(SCENARIOS.resolve("rules/" + id + ".fires.txt"));
      String silent = Files.readString(SCENARIOS.resolve("rules/" + id + ".silent.txt"));
      assertThat(fires).as(id).contains("-> " + id);
      assertThat(silent).as(id).doesNotContain("-> " + id);
    }
  }

  @Test
  void healthyDrivers_haveNoExpectedFindings() throws IOException {
    try (Stream<Path> files = Files.list(SCENARIOS.resolve("healthy"))) {
      for (Path file : files.toList()) {
        assertThat(Files.readString(file)).as(file.toString()).doesNotContain("->");
      }
    }
  }
}
