package io.dmascope.analytics.report;

import io.dmascope.model.finding.Violation;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;

/**
 * Names for findings that stay the same from run to run and from capture to capture: made of rule,
 * device and the message without its numbers, so that neither a line number nor an address of one
 * boot is in them. Findings that still share a name get an ordinal in their order.
 */
final class Fingerprints {
  static final String KIND = "dmascopeCause/v1";
  private static final int BYTES = 16;

  private final Map<String, Integer> seen = new HashMap<>();
  private final MessageDigest sha256;

  Fingerprints() {
    try {
      sha256 = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  String next(Violation violation) {
    String cause =
        String.join(
            "\0", violation.ruleId(), violation.device(), MessageShape.of(violation.message()));
    byte[] digest = sha256.digest(cause.getBytes(StandardCharsets.UTF_8));
    String name = HexFormat.of().formatHex(digest, 0, BYTES);
    int ordinal = seen.merge(name, 1, Integer::sum);
    return ordinal == 1 ? name : name + ":" + ordinal;
  }
}
