package io.dmascope.model.mapping;

import static org.assertj.core.api.Assertions.assertThat;

import io.dmascope.model.event.EventHeader;
import io.dmascope.model.event.U64List;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;

/** What {@link StateWriter} writes, {@link StateReader} reads. */
class StateBytesPropertyTest {
  @Property(tries = 200)
  void shouldReadNumbersBack(@ForAll long unsigned, @ForAll long signed, @ForAll boolean flag) {
    StateReader in = new StateReader(new StateWriter().u(unsigned).s(signed).flag(flag).toBytes());
    assertThat(in.u()).isEqualTo(unsigned);
    assertThat(in.s()).isEqualTo(signed);
    assertThat(in.flag()).isEqualTo(flag);
    assertThat(in.exhausted()).isTrue();
  }

  @Property(tries = 100)
  void shouldReadTextAndListsBack(@ForAll String text, @ForAll @Size(max = 600) List<Long> list) {
    U64List values = U64List.wrap(list.stream().mapToLong(Long::longValue).toArray());
    StateReader in =
        new StateReader(new StateWriter().text(wellFormed(text)).list(values).toBytes());
    assertThat(in.text()).isEqualTo(wellFormed(text));
    assertThat(in.list()).isEqualTo(values);
    assertThat(in.exhausted()).isTrue();
  }

  @Property(tries = 100)
  void shouldReadHeadersBack(
      @ForAll long sequence,
      @ForAll long timestampNs,
      @ForAll int cpu,
      @ForAll int pid,
      @ForAll long place) {
    EventHeader header = new EventHeader(sequence, timestampNs, cpu, pid, "kworker/0:1", place);
    StateReader in = new StateReader(new StateWriter().header(header).header(null).toBytes());
    assertThat(in.header()).isEqualTo(header);
    assertThat(in.header()).isNull();
  }

  /** Readers decode names from UTF-8, so that no lone surrogate reaches the model. */
  private static String wellFormed(String text) {
    return new String(
        text.getBytes(java.nio.charset.StandardCharsets.UTF_8),
        java.nio.charset.StandardCharsets.UTF_8);
  }
}
