package io.dmascope.model.event;

/** Who may touch the buffer after a sync: {@code _for_cpu} or {@code _for_device}. */
public enum SyncTarget {
  CPU,
  DEVICE
}
