package io.dmascope.analytics;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The parameters of an address; of one that comes twice the first counts. */
final class Query {
  private final Map<String, String> values = new LinkedHashMap<>();

  /**
   * @param raw as it stands after the question mark; null where there is none
   */
  Query(String raw) {
    if (raw == null) {
      return;
    }
    for (String pair : raw.split("&", -1)) {
      int sign = pair.indexOf('=');
      if (sign > 0) {
        decoded(pair.substring(sign + 1))
            .ifPresent(value -> values.putIfAbsent(pair.substring(0, sign), value));
      }
    }
  }

  /** Parameters that are asked for in this process. */
  Query(Map<String, String> values) {
    this.values.putAll(values);
  }

  /** The value of a parameter; empty where it is absent, blank or badly escaped. */
  Optional<String> text(String name) {
    return Optional.ofNullable(values.get(name)).filter(value -> !value.isEmpty());
  }

  /** The value of a parameter that is a number of up to 18 digits; {@code otherwise} for others. */
  long number(String name, long otherwise) {
    return text(name)
        .filter(digits -> digits.matches("-?\\d{1,18}"))
        .map(Long::parseLong)
        .orElse(otherwise);
  }

  private static Optional<String> decoded(String text) {
    try {
      return Optional.of(URLDecoder.decode(text, StandardCharsets.UTF_8));
    } catch (IllegalArgumentException e) {
      return Optional.empty(); // a stray percent sign names nothing that we have
    }
  }
}
