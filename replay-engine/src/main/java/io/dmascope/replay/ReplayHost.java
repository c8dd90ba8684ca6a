package io.dmascope.replay;

/** What surrounds the captures that are replayed: an engine's task, or a replay of its own. */
interface ReplayHost extends Outlet {
  /** Takes a record that cannot be replayed, or the word that events never came. */
  void quarantine(byte[] key, byte[] value, String reason);

  /** Some capture is about to change, and will have to be saved at the next commit. */
  void changing();

  /** Where the record at hand was read, for messages. */
  String position();
}
