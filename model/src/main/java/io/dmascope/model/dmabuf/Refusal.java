package io.dmascope.model.dmabuf;

/** Why the contract forbids an operation on an attachment. */
public enum Refusal {
  NOT_ATTACHED("the importer is not attached"),
  ATTACHED_TWICE("the importer is attached already"),
  UNPINNED_TOO_OFTEN("unpinned more often than pinned"),
  UNMAPPED_TOO_OFTEN("unmapped more often than mapped"),
  DETACHED_WHILE_PINNED("detached while pinned"),
  DETACHED_WHILE_MAPPED("detached while mapped"),
  MOVED("the buffer has moved: unmap first"),
  TAKEN_AWAY("the buffer was taken away"),
  LOCK_NOT_HELD("called without the reservation lock"),
  LOCK_HELD("called with the reservation lock held"),
  STATIC_PIN("only dynamic importers pin"),
  PEER_MEMORY("peer memory is mapped for an importer that did not consent"),
  OTHER_DIRECTION("unmapped with another direction than mapped");

  private final String words;

  Refusal(String words) {
    this.words = words;
  }

  /** The reason in words. */
  public String words() {
    return words;
  }
}
