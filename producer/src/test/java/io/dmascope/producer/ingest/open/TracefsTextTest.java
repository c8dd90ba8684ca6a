package io.dmascope.producer.ingest.open;

import static org.assertj.core.api.Assertions.assertThat;

import io.dmascope.model.event.DmaDirection;
import io.dmascope.model.event.DmaMap;
import io.dmascope.model.event.EventHeader;
import io.dmascope.model.event.InputCounts;
import io.dmascope.model.event.MapApi;
import org.junit.jupiter.api.Test;

class TracefsTextTest {
  @Test
  void aMappingOfTheUsualForm_isReadExactly() throws Exception {
    Recording read =
        Recording.ofText(
            """
            # tracer: nop
            #
                 kworker/u16:1-35    [003] .....    11.752835: dma_map_page: 0000:00:04.0 \
            dir=FROM_DEVICE dma_addr=ffffd000 size=4096 phys_addr=12b9e5000 attrs=
            """);

    assertThat(read.events())
        .containsExactly(
            new DmaMap(
                new EventHeader(1, 11_752_835_000L, 3, 35, "kworker/u16:1", 3),
                "0000:00:04.0",
                MapApi.PAGE,
                DmaDirection.FROM_DEVICE,
                0xffffd000L,
                4096,
                0x12b9e5000L,
                0));
    assertThat(read.counts()).isEqualTo(new InputCounts(3, 1, 1, 2, 0, 0));
  }
}
