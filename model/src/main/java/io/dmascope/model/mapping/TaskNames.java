package io.dmascope.model.mapping;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/* hot path */
/**
 * Numbers the names of tasks, so that a record of an event needs two bytes for one.
 *
 * <p>A name keeps its number while somebody holds it; the numbers of names that nobody holds are
 * given out again, but only when numbers run short.
 */
final class TaskNames {
  /** Stands for no number: all are taken. */
  static final int NONE = 0xffff;

  private static final int RECENT = 64;

  private final Map<String, Integer> numbers = new HashMap<>();
  private String[] names = new String[64];
  private int[] holders = new int[64];
  private int[] free = new int[64];
  private int freeCount;
  private int used;

  /** Names met lately, by hash: readers hand out one String a task, so that references compare. */
  private final String[] recent = new String[RECENT];

  private final int[] recentNumbers = new int[RECENT];

  /** Returns the name's number and holds it once more; {@link #NONE} where all are taken. */
  int take(String name) {
    int at = name.hashCode() & RECENT - 1;
    int number = isSame(recent[at], name) ? recentNumbers[at] : find(name, at);
    if (number != NONE) {
      holders[number]++;
    }
    return number;
  }

  /** Gives a number back that {@link #take} returned. */
  void drop(int number) {
    if (number != NONE) {
      holders[number]--;
    }
  }

  String name(int number) {
    return names[number];
  }

  private int find(String name, int at) {
    Integer known = numbers.get(name);
    int number = known == null ? add(name) : known;
    if (number != NONE) {
      recent[at] = name;
      recentNumbers[at] = number;
    }
    return number;
  }

  private int add(String name) {
    if (freeCount == 0 && used == names.length) {
      makeRoom();
    }
    if (freeCount == 0 && used == names.length) {
      return NONE;
    }
    int number = freeCount > 0 ? free[--freeCount] : used++;
    names[number] = name;
    numbers.put(name, number);
    return number;
  }

  private void makeRoom() {
    for (int number = 0; number < used; number++) {
      if (holders[number] == 0) {
        numbers.remove(names[number]);
        names[number] = null;
        free[freeCount++] = number;
      }
    }
    Arrays.fill(recent, null);
    int length = Math.min(names.length * 2, NONE);
    if (freeCount < names.length / 2 && length > names.length) {
      names = Arrays.copyOf(names, length);
      holders = Arrays.copyOf(holders, length);
      free = Arrays.copyOf(free, length);
    }
  }

  @SuppressWarnings("ReferenceEquality")
  private static boolean isSame(String a, String b) {
    return a == b;
  }
}
