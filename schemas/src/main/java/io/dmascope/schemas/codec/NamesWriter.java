package io.dmascope.schemas.codec;

import java.util.Arrays;

/**
 * The names and tasks of a chunk that is being written: each is spelled once, then an index.
 *
 * <p>Both tables are open-addressed, with linear probing and a power of two of cells; a cell holds
 * index + 1, so that 0 is empty. An event asks three times, which makes maps of boxed numbers show.
 */
final class NamesWriter /* hot path */ {
  private static final int CELLS = 64;

  private final ByteWriter stringBytes = new ByteWriter(256);
  private final ByteWriter taskBytes = new ByteWriter(256);

  private int[] stringCells = new int[CELLS];
  private String[] strings = new String[CELLS / 2];
  private int stringCount;

  private int[] taskCells = new int[CELLS];
  private long[] tasks = new long[CELLS / 2];
  private int taskCount;

  int string(String text) {
    int mask = stringCells.length - 1;
    int cell = spread(text.hashCode()) & mask;
    while (stringCells[cell] != 0) {
      int index = stringCells[cell] - 1;
      if (strings[index].equals(text)) {
        return index;
      }
      cell = (cell + 1) & mask;
    }
    stringCells[cell] = stringCount + 1;
    strings[stringCount] = text;
    stringBytes.writeString(text);
    stringCount++;
    if (stringCount == strings.length) {
      growStrings();
    }
    return stringCount - 1;
  }

  int task(int pid, String comm) {
    long task = ((long) pid << 32) | string(comm);
    int mask = taskCells.length - 1;
    int cell = spread(Long.hashCode(task)) & mask;
    while (taskCells[cell] != 0) {
      int index = taskCells[cell] - 1;
      if (tasks[index] == task) {
        return index;
      }
      cell = (cell + 1) & mask;
    }
    taskCells[cell] = taskCount + 1;
    tasks[taskCount] = task;
    taskBytes.writeInt(pid);
    taskBytes.writeInt((int) task);
    taskCount++;
    if (taskCount == tasks.length) {
      growTasks();
    }
    return taskCount - 1;
  }

  int sizeBytes() {
    return stringBytes.size() + taskBytes.size();
  }

  /** Writes the fields {@code strings} and {@code tasks}. */
  void writeTo(ByteWriter out) {
    out.writeArray(stringCount, stringBytes);
    out.writeArray(taskCount, taskBytes);
  }

  void clear() {
    Arrays.fill(stringCells, 0);
    Arrays.fill(taskCells, 0);
    Arrays.fill(strings, 0, stringCount, null);
    stringCount = 0;
    taskCount = 0;
    stringBytes.clear();
    taskBytes.clear();
  }

  private void growStrings() {
    strings = Arrays.copyOf(strings, 2 * stringCount);
    stringCells = new int[4 * stringCount];
    for (int index = 0; index < stringCount; index++) {
      put(stringCells, strings[index].hashCode(), index);
    }
  }

  private void growTasks() {
    tasks = Arrays.copyOf(tasks, 2 * taskCount);
    taskCells = new int[4 * taskCount];
    for (int index = 0; index < taskCount; index++) {
      put(taskCells, Long.hashCode(tasks[index]), index);
    }
  }

  private static void put(int[] cells, int hash, int index) {
    int mask = cells.length - 1;
    int cell = spread(hash) & mask;
    while (cells[cell] != 0) {
      cell = (cell + 1) & mask;
    }
    cells[cell] = index + 1;
  }

  /** Brings the high bits down, where the mask can see them. */
  private static int spread(int hash) {
    return hash ^ (hash >>> 16);
  }
}
