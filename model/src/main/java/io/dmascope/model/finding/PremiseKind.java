package io.dmascope.model.finding;

import java.util.Arrays;
import java.util.Optional;

/** What a finding rests on, by name; docs/premises.md tells them with a drawing. */
public enum PremiseKind {
  /** This object is what stands, or was the last to stand, at its address. */
  OBJECT_STANDS(true),

  /** Nothing was lost since an event, or since the beginning. */
  NOTHING_LOST(true),

  /** No object like it was ever made. */
  NEVER_MADE(true),

  /** Of several alike no other one is meant. */
  NO_OTHER_MEANT(true),

  /** Two events happened in the order in which they are told. */
  IN_ORDER(true),

  /** No wrong call before has disturbed the device's addresses. */
  SPACE_INTACT(true),

  /** Nothing was forgotten for want of room. */
  ALL_REMEMBERED(true),

  /** No rule of the kernel allows it to this driver. */
  NO_LICENCE(false),

  /** No other domain has the same addresses. */
  NO_OTHER_DOMAIN(false),

  /** The event belongs to this call and to no other one of the task. */
  OWN_CALL(true),

  /** What would tell otherwise is among the recorded events. */
  ALL_RECORDED(false),

  /** The machine is as the manifest says. */
  MACHINE_AS_TOLD(false),

  /** No length of time, count or distance was assumed. */
  NO_TIME_BOUND(false),

  /** A record of an older dmascope. */
  UNTOLD(false);

  private final boolean history;

  PremiseKind(boolean history) {
    this.history = history;
  }

  /**
   * True where it is about what other events tell, so that one that comes later may still refute
   * it.
   */
  public boolean isAboutHistory() {
    return history;
  }

  /** The premise of that name, if it is known here. */
  public static Optional<PremiseKind> find(String name) {
    return Arrays.stream(values()).filter(kind -> kind.name().equals(name)).findFirst();
  }
}
