package io.dmascope.model.dma;

import static org.assertj.core.api.Assertions.assertThat;

import io.dmascope.model.event.TraceEvent;
import io.dmascope.model.random.RandomTrace;
import io.dmascope.model.scenario.Scenario.Collected;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * Holds the form of the stored state to its version. Where this fails because the form, or what it
 * means, has changed: raise {@link DmaModel#STATE_VERSION} and take the digest over. An engine that
 * finds state of another version makes the models from the events again.
 */
final class StateVersionTest {
  private static final int STEPS = 400;

  @Test
  void storedForm_isThatOfTheVersion() throws Exception {
    MessageDigest digest = MessageDigest.getInstance("SHA-256");
    for (long seed = 1; seed <= 5; seed++) {
      DmaModel model = new DmaModel();
      for (TraceEvent event : RandomTrace.of(seed, STEPS)) {
        model.apply(event, new Collected());
      }
      TreeMap<Long, byte[]> pages = new TreeMap<>();
      model.saveChanges((table, page, image) -> pages.put((long) table << 32 | page, image));
      pages.forEach(
          (key, image) -> {
            digest.update(ByteBuffer.allocate(Long.BYTES).putLong(key).array());
            digest.update(image);
          });
    }

    assertThat(DmaModel.STATE_VERSION + " " + HexFormat.of().formatHex(digest.digest(), 0, 8))
        .isEqualTo("2 d8e8b3dfa33a0a1e");
  }
}
