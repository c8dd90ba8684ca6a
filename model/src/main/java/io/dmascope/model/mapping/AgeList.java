package io.dmascope.model.mapping;

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
    object.older = newest;
    if (newest == null) {
      oldest = object;
    } else {
      newest.newer = object;
    }
    newest = object;
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
