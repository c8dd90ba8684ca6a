package io.dmascope.analytics.report;

import java.util.regex.Pattern;

/** A message without its numbers: what occurrences of one cause have in common. */
final class MessageShape {
  // 0xfff00000, 4096, 11bbdd000; and behind an equals sign also a number of letters only: =ffff.
  private static final Pattern NUMBER =
      Pattern.compile(
          "(?<![0-9A-Za-z_])(?:0x[0-9a-fA-F]+|[0-9a-fA-F]*[0-9][0-9a-fA-F]*|(?<==)[0-9a-f]+)"
              + "(?![0-9A-Za-z_])");

  private MessageShape() {}

  static String of(String message) {
    return NUMBER.matcher(message).replaceAll("#");
  }
}
