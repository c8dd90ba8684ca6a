package io.dmascope.analytics;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;
import java.util.function.Function;

/**
 * Answers what the page asks, as JSON; the shapes are in {@code docs/api.md}. The live service and
 * the report in one file give the same documents.
 *
 * <p>Times inside a capture are nanoseconds since its first moment ({@code begin_ns}, a string,
 * since JavaScript's numbers end at 2^53): so small numbers serve for zooming and no digit is lost.
 */
final class PageApi {
  /** Rises where a reader of an earlier version would misread an answer. */
  static final int VERSION = 1;

  static final int FINDINGS_PER_ANSWER_MAX = 1_000;
  static final int MAPPINGS_PER_ANSWER_MAX = 100_000;

  private static final int FINDINGS_PER_ANSWER = 200;
  private static final int MAPPINGS_PER_ANSWER = 20_000;

  private final AnalyticsState state;

  PageApi(AnalyticsState state) {
    this.state = state;
  }

  /**
   * Answers one question; empty where there is nothing at this address.
   *
   * @param path what follows {@code /api/v1/}
   * @param nowNs a monotonic clock
   */
  Optional<ObjectNode> answer(String path, Query query, long nowNs) {
    return switch (path) {
      case "captures" -> Optional.of(captures(nowNs));
      case "capture" -> ofCapture(query, CaptureJson::whole);
      case "findings" ->
          ofCapture(
              query,
              capture ->
                  FindingsJson.page(
                      capture,
                      new FindingsJson.Filter(query),
                      Math.max(0, query.number("offset", 0)),
                      Math.clamp(
                          query.number("limit", FINDINGS_PER_ANSWER), 1, FINDINGS_PER_ANSWER_MAX)));
      case "mappings" ->
          ofCapture(
              query,
              capture ->
                  MappingsJson.of(
                      capture,
                      query.text("device").orElse(""),
                      query.number("from", 0),
                      query.number("to", Long.MAX_VALUE >> 1),
                      Math.clamp(
                          query.number("limit", MAPPINGS_PER_ANSWER), 1, MAPPINGS_PER_ANSWER_MAX)));
      case "rules" -> Optional.of(RulesJson.index());
      case "rule" -> query.text("rule").flatMap(RulesJson::page);
      default -> Optional.empty();
    };
  }

  private ObjectNode captures(long nowNs) {
    return state.read(s -> CaptureJson.fleet(s, nowNs));
  }

  private Optional<ObjectNode> ofCapture(
      Query query, Function<CaptureAggregate, ObjectNode> answer) {
    return query
        .text("capture")
        .flatMap(name -> state.read(s -> s.captures().named(name).map(answer)));
  }
}
