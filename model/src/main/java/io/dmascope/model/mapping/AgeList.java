package io.dmascope.model.mapping;

import java.util.Comparator;

/**
 * Objects in order of age, oldest first; linked through the objects themselves, so that every
 * change takes constant time. An object stands in at most one list.
 */
final class AgeList {
  private MappedObject oldest;
  private MappedObject newest;
  private int size;

  int size() {
    return size;
  }

  /** The oldest object, or null. */
  MappedObject oldest() {
    return oldest;
  }

  void addNewest(MappedObject object) {
    insert(object, newest);
  }

  /** Adds an object that is among the newest, behind all that the order puts before it. */
  void add(MappedObject object, Comparator<MappedObject> order) {
    MappedObject after = newest;
    while (after != null && order.compare(after, object) > 0) {
      after = after.older;
    }
    insert(object, after);
  }

  private void insert(MappedObject object, MappedObject after) {
    object.older = after;
    object.newer = after == null ? oldest : after.newer;
    if (after == null) {
      oldest = object;
    } else {
      after.newer = object;
    }
    if (object.newer == null) {
      newest = object;
    } else {
      object.newer.older = object;
    }
    size++;
  }

  void remove(MappedObject object) {
    if (object.older == null) {
      oldest = object.newer;
    } else {
      object.older.newer = object.newer;
    }
    if (object.newer == null) {
      newest = object.older;
    } else {
      object.newer.older = object.older;
    }
    object.older = null;
    object.newer = null;
    size--;
  }

  void makeNewest(MappedObject object) {
    if (object.newer != null) {
      remove(object);
      addNewest(object);
    }
  }
}
