package io.dmascope.model.backend;

import java.util.ArrayList;
import java.util.List;

/** A size class's caches as lists of lists: the twin that {@link IovaCache} is held to. */
final class PlainIovaCache {
  /** Two magazines each, the loaded one first. */
  private final List<List<List<Long>>> perCpu = new ArrayList<>();

  private final List<List<Long>> depot = new ArrayList<>();

  PlainIovaCache(int cpus) {
    for (int i = 0; i < cpus; i++) {
      perCpu.add(new ArrayList<>(List.of(new ArrayList<>(), new ArrayList<>())));
    }
  }

  long get(long limitPfn, int cpu) {
    List<List<Long>> own = perCpu.get(cpu);
    if (own.getFirst().isEmpty() && !own.getLast().isEmpty()) {
      own.addFirst(own.removeLast());
    } else if (own.getFirst().isEmpty() && !depot.isEmpty()) {
      own.set(0, depot.removeLast());
    }
    List<Long> loaded = own.getFirst();
    for (int i = loaded.size() - 1; i >= 0; i--) {
      long pfn = loaded.get(i);
      if (pfn <= limitPfn) {
        loaded.set(i, loaded.getLast());
        loaded.removeLast();
        return pfn;
      }
    }
    return 0;
  }

  void put(long pfn, int cpu) {
    List<List<Long>> own = perCpu.get(cpu);
    if (own.getFirst().size() == 127 && own.getLast().size() < 127) {
      own.addFirst(own.removeLast());
    } else if (own.getFirst().size() == 127) {
      depot.add(own.getFirst());
      own.set(0, new ArrayList<>());
    }
    own.getFirst().add(pfn);
  }
}
