package io.dmascope.producer.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.dmascope.model.event.DmaAttrs;
import io.dmascope.model.event.DmaDirection;
import io.dmascope.model.event.DmaMapSg;
import io.dmascope.model.event.EventHeader;
import io.dmascope.model.event.U64List;
import org.junit.jupiter.api.Test;

class JsonLinesPrinterTest {
  @Test
  void line_hasKindHeaderAndMembersInOrder() {
    DmaMapSg event =
        new DmaMapSg(
            new EventHeader(3, 1_000_030, 0, 7, "d\"d", 99),
            "0000:03:00.0",
            DmaDirection.FROM_DEVICE,
            3,
            1,
            U64List.of(0x10000, -1),
            U64List.of(0xf0000000L),
            U64List.of(0xfffff000L),
            DmaAttrs.SKIP_CPU_SYNC | DmaAttrs.NO_WARN);
    assertThat(new JsonLinesPrinter().line(event))
        .isEqualTo(
            "{\"kind\":\"DmaMapSg\",\"sequence\":3,\"timestampNs\":1000030,\"cpu\":0,\"pid\":7,"
                + "\"comm\":\"d\\\"d\",\"place\":99,\"device\":\"0000:03:00.0\","
                + "\"direction\":\"FROM_DEVICE\",\"fullNents\":3,\"fullEnts\":1,"
                + "\"physAddrs\":[\"0x10000\",\"0xffffffffffffffff\"],"
                + "\"dmaAddrs\":[\"0xf0000000\"],\"lengths\":[4294963200],"
                + "\"attrs\":\"SKIP_CPU_SYNC|NO_WARN\"}");
  }
}
