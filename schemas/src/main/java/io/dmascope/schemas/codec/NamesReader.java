package io.dmascope.schemas.codec;

import java.util.Arrays;

/** The names and tasks of a chunk that is being read. */
final class NamesReader /* hot path */ {
  private static final String[] NO_STRINGS = {};
  private static final int[] NO_TASKS = {};

  private String[] strings = NO_STRINGS;
  private int[] pids = NO_TASKS;
  private String[] comms = NO_STRINGS;

  /** Reads the fields {@code strings} and {@code tasks}. */
  static NamesReader read(ByteReader in) throws UndecodableRecordException {
    NamesReader names = new NamesReader();
    names.readStrings(in);
    names.readTasks(in);
    return names;
  }

  private void readStrings(ByteReader in) throws UndecodableRecordException {
    int filled = 0;
    for (int block = in.readBlock(); block > 0; block = in.readBlock()) {
      strings = Arrays.copyOf(strings, filled + block);
      for (int end = filled + block; filled < end; filled++) {
        strings[filled] = in.readString();
      }
    }
  }

  private void readTasks(ByteReader in) throws UndecodableRecordException {
    int filled = 0;
    for (int block = in.readBlock(); block > 0; block = in.readBlock()) {
      pids = Arrays.copyOf(pids, filled + block);
      comms = Arrays.copyOf(comms, filled + block);
      for (int end = filled + block; filled < end; filled++) {
        pids[filled] = in.readInt();
        comms[filled] = readName(in);
      }
    }
  }

  /** Reads a string index and returns the string. */
  String readName(ByteReader in) throws UndecodableRecordException {
    return strings[in.readIndex(strings.length)];
  }

  /** Reads a task index; {@link #pid} and {@link #comm} tell what it means. */
  int readTask(ByteReader in) throws UndecodableRecordException {
    return in.readIndex(pids.length);
  }

  int pid(int task) {
    return pids[task];
  }

  String comm(int task) {
    return comms[task];
  }
}
