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
 * boot is in them. Findings of one capture that still share a name get an ordinal in their order.
 */
public final class Fingerprints {
  static final String KIND = "dmascopeCause/v1";
  private static final int BYTES = 16;

  private final Map<String, Integer> seen = new HashMap<>();
  private final MessageDigest sha256;

  public Fingerprints() {
    try {
      sha256 = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /** The name of the next finding of a capture, in the order in which findings are told. */
  public String next(Violation violation) {
    String name = of(violation.ruleId(), violation.device(), violation.message());
    int ordinal = seen.merge(name, 1, Integer::sum);
    return ordinal == 1 ? name : name + ":" + ordinal;
  }

  /** The name without an ordinal. */
  public String of(String ruleId, String device, String message) {
    String cause = String.join("\0", ruleId, device, MessageShape.of(message));
    byte[] digest = sha256.digest(cause.getBytes(StandardCharsets.UTF_8));
    return HexFormat.of().formatHex(digest, 0, BYTES);
  }
}
