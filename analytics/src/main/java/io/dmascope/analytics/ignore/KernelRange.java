package io.dmascope.analytics.ignore;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Kernel releases from one to another, both included: {@code 6.12..6.18}, {@code 6.12..}, {@code
 * ..6.18}, {@code 6.12}. A bound of two numbers means every release that begins with them.
 *
 * @param from the numbers of the lowest; empty for no lower bound
 * @param to the numbers of the highest; empty for no upper bound
 */
record KernelRange(List<Integer> from, List<Integer> to) {
  static final KernelRange ALL = new KernelRange(List.of(), List.of());

  private static final Pattern BOUND = Pattern.compile("\\d{1,5}(\\.\\d{1,5}){0,3}");
  private static final Pattern NUMBER = Pattern.compile("\\G\\.?(\\d{1,5})");

  /** Returns the range; empty where the text is none. */
  static Optional<KernelRange> parse(String text) {
    int dots = text.indexOf("..");
    String from = dots < 0 ? text : text.substring(0, dots);
    String to = dots < 0 ? text : text.substring(dots + 2);
    if (!isBound(from) || !isBound(to) || (from.isEmpty() && to.isEmpty())) {
      return Optional.empty();
    }
    return Optional.of(new KernelRange(numbers(from), numbers(to)));
  }

  /** True where the release is in the range; an unknown release is only in that of all. */
  boolean contains(String release) {
    if (equals(ALL)) {
      return true;
    }
    List<Integer> numbers = numbers(release);
    return !numbers.isEmpty() && compare(numbers, from) >= 0 && compare(numbers, to) <= 0;
  }

  /** Compares as many numbers as the bound has; what a release does not say is 0. */
  private static int compare(List<Integer> release, List<Integer> bound) {
    for (int i = 0; i < bound.size(); i++) {
      int number = i < release.size() ? release.get(i) : 0;
      if (number != bound.get(i)) {
        return Integer.compare(number, bound.get(i));
      }
    }
    return 0;
  }

  private static boolean isBound(String text) {
    return text.isEmpty() || BOUND.matcher(text).matches();
  }

  /** The numbers that the text begins with: 6, 12, 107 for {@code 6.12.107+deb13-amd64}. */
  private static List<Integer> numbers(String text) {
    List<Integer> numbers = new ArrayList<>();
    Matcher number = NUMBER.matcher(text);
    while (number.find()) {
      numbers.add(Integer.valueOf(number.group(1)));
    }
    return List.copyOf(numbers);
  }
}
