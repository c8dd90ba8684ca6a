package io.dmascope.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** The pages under {@code docs/rules}, which the build packs into the program. */
final class RulePages {
  private static final String DIRECTORY = "/docs/rules/";

  private RulePages() {}

  /** Returns the page of a rule id, as Markdown; empty where there is none. */
  static Optional<String> find(String ruleId) {
    try (InputStream in = RulePages.class.getResourceAsStream(DIRECTORY + ruleId + ".md")) {
      return in == null
          ? Optional.empty()
          : Optional.of(new String(in.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the page of " + ruleId, e);
    }
  }
}
