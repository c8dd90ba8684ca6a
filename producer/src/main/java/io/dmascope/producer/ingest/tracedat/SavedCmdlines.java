package io.dmascope.producer.ingest.tracedat;

import java.util.HashMap;
import java.util.Map;

/**
 * The task names that the kernel remembered, by pid: {@code saved_cmdlines} of tracefs, lines of
 * {@code 1234 dd}. Names are given as kernel/trace/trace.c trace_find_cmdline() gives them.
 */
final class SavedCmdlines {
  static final SavedCmdlines EMPTY = new SavedCmdlines(Map.of());

  /** Tasks with a name: more than a kernel numbers at once by default. */
  private static final int CMDLINES_MAX = 1 << 19;

  private static final String IDLE = "<idle>";
  private static final String LOST = "<...>";
  private static final String NO_TASK = "<XXX>";
  private static final int RECENT = 1024;

  private final Map<Integer, String> names;
  // Spares the boxed key: tasks come in runs.
  private final int[] recentPids = new int[RECENT];
  private final String[] recentNames = new String[RECENT];

  private SavedCmdlines(Map<Integer, String> names) {
    this.names = names;
  }

  static SavedCmdlines parse(String text) {
    Map<Integer, String> names = new HashMap<>();
    int end;
    for (int start = 0; start < text.length() && names.size() < CMDLINES_MAX; start = end + 1) {
      int newline = text.indexOf('\n', start);
      end = newline < 0 ? text.length() : newline;
      String line = text.substring(start, end).strip();
      int blank = line.indexOf(' ');
      if (blank > 0 && line.chars().limit(blank).allMatch(c -> c >= '0' && c <= '9')) {
        parsePid(line.substring(0, blank), line.substring(blank + 1), names);
      }
    }
    return new SavedCmdlines(names);
  }

  private static void parsePid(String digits, String name, Map<Integer, String> names) {
    if (digits.length() <= 9) {
      names.put(Integer.parseInt(digits), name);
    }
  }

  /** Returns the name of the task; never null. */
  String comm(int pid) {
    int slot = pid & (RECENT - 1);
    if (recentPids[slot] == pid && recentNames[slot] != null) {
      return recentNames[slot];
    }
    String name = pid == 0 ? IDLE : pid < 0 ? NO_TASK : names.getOrDefault(pid, LOST);
    recentPids[slot] = pid;
    recentNames[slot] = name;
    return name;
  }
}
