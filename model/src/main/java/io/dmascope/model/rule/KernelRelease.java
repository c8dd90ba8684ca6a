package io.dmascope.model.rule;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The first two numbers of a kernel release; 0.0 where unknown. */
record KernelRelease(int major, int minor) {
  private static final Pattern NUMBERS = Pattern.compile("^(\\d{1,4})\\.(\\d{1,4})");

  /** Reads {@code 6.12.107+deb13-amd64} and the like. */
  static KernelRelease parse(String release) {
    Matcher numbers = NUMBERS.matcher(release);
    return numbers.find()
        ? new KernelRelease(Integer.parseInt(numbers.group(1)), Integer.parseInt(numbers.group(2)))
        : new KernelRelease(0, 0);
  }

  boolean atLeast(int otherMajor, int otherMinor) {
    return major != otherMajor ? major > otherMajor : minor >= otherMinor;
  }
}
