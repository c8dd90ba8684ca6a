package io.dmascope.producer.ingest.layout;

import static org.assertj.core.api.Assertions.assertThat;

import io.dmascope.producer.ingest.text.Words;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class EventLayoutTest {
  private static EventLayout named(String name) {
    byte[] bytes = name.getBytes(StandardCharsets.US_ASCII);
    return EventLayout.named(Words.lineOf(bytes), 0, bytes.length);
  }

  @ParameterizedTest
  @EnumSource
  void everyEvent_isFoundByItsName(KernelEvent event) {
    EventLayout layout = named(event.name().toLowerCase(Locale.ROOT));

    assertThat(layout).isNotNull();
    assertThat(layout.event()).isEqualTo(event);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "m", "dma_map", "dma_map_pages", "maps", "sched_switch", "qi_submit"})
  void anotherName_isNoEventOfOurs(String name) {
    assertThat(named(name)).isNull();
  }
}
