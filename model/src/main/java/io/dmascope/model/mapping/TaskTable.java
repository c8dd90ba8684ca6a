package io.dmascope.model.mapping;

import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/* hot path */
/**
 * The tasks of a capture by key, a bounded number: the one that has been quiet longest goes first.
 *
 * <p>A task keeps its slot, and slots are stored by pages of {@link #PAGE_SLOTS}: what is written
 * are the tasks that were at work, not all.
 */
final class TaskTable {
  static final int TASKS_MAX = 1024;

  /** A page of idle tasks has some hundred bytes. */
  static final int PAGE_SLOTS = 16;

  private static final int BUCKETS = 2 * TASKS_MAX;

  private final Task[] buckets = new Task[BUCKETS];
  private final Task[] slots = new Task[TASKS_MAX];
  private final PageSet pages = new PageSet();
  private int size;

  /** The task asked for last: events come in runs of one task. */
  private Task last;

  /** Returns the task, which is now the youngest, or null. */
  Task find(long key, long sequence) {
    Task task = last;
    if (task == null || task.key != key) {
      task = buckets[bucket(key)];
      while (task != null && task.key != key) {
        task = task.next;
      }
      if (task == null) {
        return null;
      }
      last = task;
    }
    task.lastSequence = sequence;
    changed(task);
    return task;
  }

  /** Adds a task that is not there; {@code forgotten} is told which one had to make room. */
  Task add(long key, long sequence, Consumer<Task> forgotten) {
    int slot = size < TASKS_MAX ? size++ : makeRoom(forgotten);
    Task task = new Task(key, slot);
    task.lastSequence = sequence;
    enter(task);
    last = task;
    changed(task);
    return task;
  }

  /** To be called where a task changes that was not asked for. */
  void changed(Task task) {
    pages.changed(task.slot / PAGE_SLOTS);
  }

  /** Every task, in no order. */
  List<Task> all() {
    return Arrays.asList(slots).subList(0, size);
  }

  private int makeRoom(Consumer<Task> forgotten) {
    Task quietest = slots[0];
    for (Task task : slots) {
      quietest = task.lastSequence < quietest.lastSequence ? task : quietest;
    }
    leave(quietest);
    forgotten.accept(quietest);
    return quietest.slot;
  }

  private void enter(Task task) {
    int bucket = bucket(task.key);
    slots[task.slot] = task;
    task.next = buckets[bucket];
    buckets[bucket] = task;
  }

  private void leave(Task task) {
    int bucket = bucket(task.key);
    if (buckets[bucket] == task) {
      buckets[bucket] = task.next;
      return;
    }
    Task before = buckets[bucket];
    while (before.next != task) {
      before = before.next;
    }
    before.next = task.next;
  }

  private static int bucket(long key) {
    return (int) ((key * 0x9E3779B97F4A7C15L) >>> 32) & (BUCKETS - 1);
  }

  /** Hands out every page of tasks that changed since the last call. */
  void saveChanges(CaptureState.PageSink sink) {
    pages.saveChanges(this::encode, sink);
  }

  private byte[] encode(int page) {
    StateWriter out = new StateWriter();
    int from = page * PAGE_SLOTS;
    for (int slot = from; slot < Math.min(from + PAGE_SLOTS, size); slot++) {
      slots[slot].save(out);
    }
    return out.toBytes();
  }

  /** Reads one page back; slots are never empty between others. */
  void restore(int page, byte[] image) {
    pages.restored(page);
    StateReader in = new StateReader(image);
    int slot = page * PAGE_SLOTS;
    while (!in.exhausted()) {
      enter(Task.restore(in, slot++));
    }
    size = Math.max(size, slot);
  }
}
