package io.dmascope.producer.ingest.layout;

import static org.assertj.core.api.Assertions.assertThat;

import io.dmascope.producer.ingest.text.Words;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
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

  @ParameterizedTest
  @CsvSource({
    "dma,     dma_map_page,    device dir dma_addr size phys_addr attrs",
    "dma,     dma_unmap_page,  device dir addr size attrs",
    "dma,     dma_map_sg,      device dir full_nents full_ents dma_addrs lengths phys_addrs attrs",
    "dma,     dma_map_sg_err,  device dir phys_addrs err attrs",
    "dma,     dma_unmap_sg,    device dir addrs attrs",
    "dma,     dma_alloc,       device dir dma_addr size virt_addr phys_addr flags attrs",
    "iommu,   map,             iova paddr size",
    "iommu,   io_page_fault,   device driver iova flags",
    "swiotlb, swiotlb_bounced, dev_name dma_mask dev_addr size force",
    "dma_buf, dma_buf_detach,  exp_name size ino attach is_dynamic dev_name"
  })
  void fields_areNamedAsInTheFormatFiles(String system, String event, String names) {
    assertThat(EventLayout.of(system, event).fields())
        .extracting(EventLayout.Field::name)
        .containsExactlyInAnyOrder(names.split(" "));
  }

  @Test
  void sameNameInAnotherSystem_isNoEventOfOurs() {
    assertThat(EventLayout.of("net", "map")).isNull();
  }
}
