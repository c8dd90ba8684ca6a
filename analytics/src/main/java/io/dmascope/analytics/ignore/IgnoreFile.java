package io.dmascope.analytics.ignore;

import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An ignore file as it was read: a rule and what narrows it down, one entry a line.
 *
 * <pre>
 * # the vendor driver is fixed in 6.18
 * DMA-MAP-004 device=0000:03:00.0 kernel=..6.17 until=2027-03-31 reason="vendor ticket 4711"
 * </pre>
 *
 * @param name as the user gave it
 */
public record IgnoreFile(String name, List<IgnoreEntry> entries) {
  private static final int ENTRIES_MAX = 10_000;
  private static final int EXCERPT_CHARS = 60;
  private static final List<String> KEYS = List.of("device", "task", "kernel", "until", "reason");
  private static final Pattern RULE = Pattern.compile("[A-Z0-9*?-]{1,40}");

  // key=word or key="words, \" and \\ inside"
  private static final Pattern PAIR =
      Pattern.compile("\\s+([a-z_]{1,40})=(?:\"((?:[^\"\\\\]|\\\\[\"\\\\])*+)\"|([^\\s\"#]++))");

  public IgnoreFile {
    entries = List.copyOf(entries);
  }

  /**
   * Reads the lines of a file.
   *
   * @throws IgnoreFileException at the first line that is no entry
   */
  public static IgnoreFile parse(String name, List<String> lines) throws IgnoreFileException {
    List<IgnoreEntry> entries = new ArrayList<>();
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i).strip();
      if (line.isEmpty() || line.startsWith("#")) {
        continue;
      }
      if (entries.size() == ENTRIES_MAX) {
        throw new IgnoreFileException(name, i + 1, "more than " + ENTRIES_MAX + " entries");
      }
      entries.add(new Line(name, i + 1, line).entry());
    }
    return new IgnoreFile(name, entries);
  }

  private record Line(String file, int number, String text) {
    IgnoreEntry entry() throws IgnoreFileException {
      String rule = text.split("\\s", 2)[0];
      if (!RULE.matcher(rule).matches()) {
        throw wrong("expected a rule id such as DMA-MAP-001 or DMA-MAP-*, got " + quoted(rule));
      }
      Map<String, String> values = values(rule.length());
      String reason = values.getOrDefault("reason", "");
      if (reason.isBlank()) {
        throw wrong("an entry has to say why: reason=\"...\"");
      }
      return new IgnoreEntry(
          number,
          new Glob(rule),
          glob(values, "device"),
          glob(values, "task"),
          kernel(values),
          until(values),
          reason);
    }

    private Map<String, String> values(int from) throws IgnoreFileException {
      Map<String, String> values = new TreeMap<>();
      Matcher pair = PAIR.matcher(text);
      int at = from;
      while (pair.find(at) && pair.start() == at) {
        String key = pair.group(1);
        if (!KEYS.contains(key)) {
          throw wrong("there is no key %s; keys are %s".formatted(key, String.join(", ", KEYS)));
        }
        String value =
            pair.group(3) != null
                ? pair.group(3)
                : pair.group(2).replace("\\\"", "\"").replace("\\\\", "\\");
        if (values.put(key, value) != null) {
          throw wrong(key + " is given twice");
        }
        at = pair.end();
      }
      String rest = text.substring(at).strip();
      if (!rest.isEmpty() && !rest.startsWith("#")) {
        throw wrong("expected key=value or key=\"value\", got " + quoted(rest));
      }
      return values;
    }

    private static Glob glob(Map<String, String> values, String key) {
      return values.containsKey(key) ? new Glob(values.get(key)) : Glob.ANYTHING;
    }

    private KernelRange kernel(Map<String, String> values) throws IgnoreFileException {
      if (!values.containsKey("kernel")) {
        return KernelRange.ALL;
      }
      String range = values.get("kernel");
      return KernelRange.parse(range)
          .orElseThrow(
              () ->
                  wrong("kernel is a release or a range such as 6.12..6.18, got " + quoted(range)));
    }

    private Optional<LocalDate> until(Map<String, String> values) throws IgnoreFileException {
      if (!values.containsKey("until")) {
        return Optional.empty();
      }
      try {
        return Optional.of(LocalDate.parse(values.get("until")));
      } catch (DateTimeParseException e) {
        throw wrong("until is a date such as 2027-03-31, got " + quoted(values.get("until")));
      }
    }

    private IgnoreFileException wrong(String sentence) {
      return new IgnoreFileException(file, number, sentence);
    }

    private static String quoted(String text) {
      return "\""
          + (text.length() <= EXCERPT_CHARS ? text : text.substring(0, EXCERPT_CHARS) + "…")
          + "\"";
    }
  }
}
