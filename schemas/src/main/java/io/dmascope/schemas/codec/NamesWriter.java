package io.dmascope.schemas.codec;

import java.util.HashMap;
import java.util.Map;

/** The names and tasks of a chunk that is being written: each is spelled once, then an index. */
final class NamesWriter /* hot path */ {
  private final Map<String, Integer> indexOfString = new HashMap<>();
  private final Map<Task, Integer> indexOfTask = new HashMap<>();
  private final ByteWriter strings = new ByteWriter(256);
  private final ByteWriter tasks = new ByteWriter(256);

  private record Task(int pid, String comm) {}

  int string(String text) {
    Integer known = indexOfString.get(text);
    if (known != null) {
      return known;
    }
    int index = indexOfString.size();
    indexOfString.put(text, index);
    strings.writeString(text);
    return index;
  }

  int task(int pid, String comm) {
    Task task = new Task(pid, comm);
    Integer known = indexOfTask.get(task);
    if (known != null) {
      return known;
    }
    int index = indexOfTask.size();
    indexOfTask.put(task, index);
    tasks.writeInt(pid);
    tasks.writeInt(string(comm));
    return index;
  }

  int sizeBytes() {
    return strings.size() + tasks.size();
  }

  /** Writes the fields {@code strings} and {@code tasks}. */
  void writeTo(ByteWriter out) {
    out.writeArray(indexOfString.size(), strings);
    out.writeArray(indexOfTask.size(), tasks);
  }

  void clear() {
    indexOfString.clear();
    indexOfTask.clear();
    strings.clear();
    tasks.clear();
  }
}
