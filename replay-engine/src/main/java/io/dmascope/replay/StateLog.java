package io.dmascope.replay;

import org.apache.kafka.common.utils.Bytes;

/** Where the net change of the models goes, so that they can be brought back. */
@FunctionalInterface
interface StateLog {
  /**
   * Writes a page.
   *
   * @param value null where the page is gone
   */
  void put(Bytes key, byte[] value);
}
